"""Debian's kernel with SocketCAN, from the cache that tools/setup fills: @vcan_kernel.

Without it (or without QEMU) the tests that need it are skipped; with CI=true in the
environment that is an error, because there nobody would notice.
"""

_FILES = ["vmlinux"] + [
    module + ".ko"
    for module in ["can-dev", "can", "can-raw", "can-isotp", "can-gw", "vcan", "slcan"]
]
_PROGRAMS = ["qemu-system-x86_64", "busybox"]

def _vcan_kernel_impl(ctx):
    ctx.file("WORKSPACE", "workspace(name = %r)\n" % ctx.name)
    ctx.file("BUILD.bazel", "exports_files(glob([\"kernel/*\"], allow_empty = True))\n")
    folder = ctx.os.environ.get("HOME", "/root") + "/.cache/canstage/kernel/"
    missing = [folder + file for file in _FILES if not ctx.path(folder + file).exists]
    missing += [program for program in _PROGRAMS if not ctx.which(program)]
    if missing and ctx.os.environ.get("CI") == "true":
        fail("\n\n  The tests with SocketCAN lack: %s\n\n  Run tools/setup\n" % ", ".join(missing))
    if not missing:
        for file in _FILES:
            ctx.symlink(folder + file, "kernel/" + file)
    ctx.file("kernel.bzl", "FILES = %r\n" % ([] if missing else ["//:kernel/" + file for file in _FILES]))

vcan_kernel = repository_rule(
    implementation = _vcan_kernel_impl,
    configure = True,
    environ = ["CI", "HOME"],
    local = True,
)
