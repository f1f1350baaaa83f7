// Defaults that a sanitizer's run-time library looks up by name. In a build
// without sanitizers nobody calls them.
extern "C" {

const char* __asan_default_options();
const char* __ubsan_default_options();
const char* __tsan_default_options();

const char* __asan_default_options() {
  return "detect_stack_use_after_return=1:strict_init_order=1:check_initialization_order=1";
}

const char* __ubsan_default_options() {
  return "halt_on_error=1:print_stacktrace=1:suppressions=tests/ubsan.supp";
}

const char* __tsan_default_options() { return "halt_on_error=1:second_deadlock_stack=1"; }

}  // extern "C"
