"""Stand-ins for the repositories that Bazel 4 downloads for every C++ build.

Bazel's own packages load @rules_cc and @rules_java, and every test refers to
@remote_coverage_tools. No flag turns that off, but a repository of the same name
in WORKSPACE takes their place. Bazel 4 has the rules built in, so a file that
hands them on is all it takes. In newer versions these repositories are more than
that: there the stand-ins step back.
"""

_RULES = {
    "rules_cc": struct(
        package = "cc",
        rules = [
            "cc_binary",
            "cc_import",
            "cc_library",
            "cc_proto_library",
            "cc_test",
            "cc_toolchain",
            "cc_toolchain_suite",
            "fdo_prefetch_hints",
            "fdo_profile",
            "objc_import",
            "objc_library",
        ],
    ),
    "rules_java": struct(
        package = "java",
        rules = [
            "java_binary",
            "java_import",
            "java_library",
            "java_lite_proto_library",
            "java_package_configuration",
            "java_plugin",
            "java_proto_library",
            "java_runtime",
            "java_test",
            "java_toolchain",
        ],
    ),
}

def _built_in_rules_impl(ctx):
    ctx.file("WORKSPACE", "workspace(name = %r)\n" % ctx.name)
    ctx.file(ctx.attr.package + "/BUILD.bazel", "")
    lines = ["%s = native.%s\n" % (rule, rule) for rule in ctx.attr.rules]
    ctx.file(ctx.attr.package + "/defs.bzl", "".join(lines))

_built_in_rules = repository_rule(
    implementation = _built_in_rules_impl,
    attrs = {
        "package": attr.string(mandatory = True),
        "rules": attr.string_list(mandatory = True),
    },
)

_NO_COVERAGE_BUILD = """
[sh_binary(
    name = name,
    srcs = ["unavailable.sh"],
    visibility = ["//visibility:public"],
) for name in ["coverage_report_generator", "lcov_merger"]]
"""

_NO_COVERAGE_SCRIPT = """#!/bin/sh
echo "coverage: the tool that merges reports is not part of an offline build" >&2
exit 1
"""

def _no_coverage_impl(ctx):
    ctx.file("WORKSPACE", "workspace(name = %r)\n" % ctx.name)
    ctx.file("BUILD.bazel", _NO_COVERAGE_BUILD)
    ctx.file("unavailable.sh", _NO_COVERAGE_SCRIPT, executable = True)

_no_coverage = repository_rule(implementation = _no_coverage_impl)

def offline_repositories():
    """Declares the stand-ins, unless this Bazel is newer than 4."""
    version = native.bazel_version  # Debian's 4.2.3 says "".
    if version and not version.startswith("4."):
        return
    for name, repository in _RULES.items():
        _built_in_rules(name = name, package = repository.package, rules = repository.rules)
    _no_coverage(name = "remote_coverage_tools")
