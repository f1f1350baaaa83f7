"""Tests that need real SocketCAN: they run in the machine of tools/vcan-machine."""

load("@vcan_kernel//:kernel.bzl", "FILES")

# Two emulated machines at once on two processors make each other late.
VCAN_TAGS = ["cpu:2", "vcan"]

def vcan_files():
    """Labels of the kernel and its modules; none if they are not there."""
    return ["@vcan_kernel" + file for file in FILES]

def vcan_compatible():
    """For target_compatible_with: skips what needs the kernel where there is none."""
    return [] if FILES else ["//tools/rules:unavailable"]

def vcan_test(name, program, interfaces = ["vcan0"], tools = [], data = [], args = [], size = "small", **kwargs):
    """Runs a program in a machine with virtual CAN interfaces.

    A test of //tests:main brings its JUnit XML along; of any other program the exit
    status counts. Skipped where there is no kernel (see vcan_kernel.bzl).

    Args:
      name: the test's name.
      program: label of a program or script; labels in `tools` lie beside it, on PATH.
      interfaces: names; all can carry CAN FD.
      tools: more programs: labels, or names of installed ones ("candump").
      data: files, which lie in the working folder by their paths in the work tree.
      args: the program's arguments.
      size: as for any test; the machine itself takes 5 s.
      **kwargs: as for any test.
    """
    kernel = vcan_files()
    built = [tool for tool in tools if ":" in tool or "/" in tool]
    names = [tool if tool not in built else "$(rootpath %s)" % tool for tool in tools]
    words = ["--kernel=$(rootpath %s)" % kernel[0]] if kernel else []
    words += ["--interfaces=" + ",".join(interfaces), "--tools=" + ",".join(names)]
    words += ["--file=$(rootpath %s)" % file for file in data]

    # Not py_test: its launcher starts `python`, which Debian does not have.
    native.sh_test(
        name = name,
        size = size,
        srcs = ["//tools:vcan-machine"],
        args = words + ["--", "$(rootpath %s)" % program] + args if kernel else [],
        data = [program] + built + data + kernel,
        tags = kwargs.pop("tags", []) + VCAN_TAGS,
        target_compatible_with = vcan_compatible(),
        **kwargs
    )
