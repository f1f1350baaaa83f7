"""Makes the machine's libraries the repository @system.

What is missing is reported with the name of the Debian package that has it. The
targets themselves are in third_party/system.BUILD.
"""

_INCLUDE = "/usr/include/"

def _lib(package, headers, files = [], others = []):
    """One library: what must exist on the machine, and who brings it.

    Args:
      package: Debian package.
      headers: parts of /usr/include; the repository gets a link to each.
      files: library files as the linker looks for them.
      others: absolute paths of files that are no C++; the repository gets a link to each.
    """
    return struct(package = package, headers = headers, files = files, others = others)

_LIBS = {
    "boost_program_options": _lib(
        "libboost-program-options-dev",
        ["boost/program_options.hpp"],
        ["libboost_program_options.so"],
    ),
    "caf": _lib("libcaf-dev", ["caf"], ["libcaf_core.so", "libcaf_io.so"]),
    "catch2": _lib("catch2", ["catch2"]),
    # A script and its licence, which the HTML report carries.
    "d3": _lib(
        "node-d3",
        [],
        others = ["/usr/share/nodejs/d3/dist/d3.min.js", "/usr/share/doc/node-d3/copyright"],
    ),
    "fmt": _lib("libfmt-dev", ["fmt"], ["libfmt.so"]),
    "lua": _lib("liblua5.4-dev", ["lua5.4"], ["liblua5.4.so"]),
    "nlohmann_json": _lib("nlohmann-json3-dev", ["nlohmann"]),
    "rapidcheck": _lib("librapidcheck-dev", ["rapidcheck", "rapidcheck.h"], ["librapidcheck.a"]),
    "yaml_cpp": _lib("libyaml-cpp-dev", ["yaml-cpp"], ["libyaml-cpp.so"]),
}

# Not linked into the repository: too many files for a sandbox.
_LEFT_TO_COMPILER = ["boost_program_options"]

def _compiler(ctx):
    for name in [ctx.os.environ.get("CC", ""), "gcc", "clang", "clang-14"]:
        found = ctx.which(name) if name else None
        if found:
            return found
    fail("\n\n  No C++ compiler found; Debian's package is g++. Run tools/setup.\n")

def _missing(ctx, compiler, lib):
    """What of a library the machine lacks, as text; None if nothing."""
    for header in lib.headers:
        if not ctx.path(_INCLUDE + header).exists:
            return _INCLUDE + header
    for file in lib.others:
        if not ctx.path(file).exists:
            return file
    for file in lib.files:
        # A file the compiler cannot find is printed as it was asked for.
        if ctx.execute([compiler, "-print-file-name=" + file]).stdout.strip() == file:
            return file
    return None

def _system_libs_impl(ctx):
    compiler = _compiler(ctx)
    problems = []
    packages = []
    for name, lib in _LIBS.items():
        missing = _missing(ctx, compiler, lib)
        if missing:
            problems.append("%s: no %s, Debian's package is %s" % (name, missing, lib.package))
            packages.append(lib.package)
        elif name not in _LEFT_TO_COMPILER:
            # Only the library's own headers, never all of /usr/include: that
            # folder searched twice breaks #include_next.
            for header in lib.headers:
                ctx.symlink(_INCLUDE + header, "include/%s/%s" % (name, header))
            for file in lib.others:
                ctx.symlink(file, "%s/%s" % (name, file.split("/")[-1]))
    if problems:
        fail("\n\n  Libraries missing on this machine:\n    %s\n\n  Run tools/setup, or:\n    apt-get install --no-install-recommends %s\n" % (
            "\n    ".join(problems),
            " ".join(packages),
        ))
    ctx.file("WORKSPACE", "workspace(name = %r)\n" % ctx.name)
    ctx.symlink(Label("//third_party:system.BUILD"), "BUILD.bazel")

system_libs = repository_rule(
    implementation = _system_libs_impl,
    configure = True,
    environ = ["CC"],
    local = True,
)
