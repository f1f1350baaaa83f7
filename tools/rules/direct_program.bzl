"""A program that is compiled with other options than the rest of the build, from the sources of all that it
uses. For this project's own libraries without libraries of the system.

Each source is compiled once for all such programs of the same flavour.
"""

# What a flavour is compiled and linked with. The compiler is looked for when it is needed.
_FLAVOURS = {
    # libFuzzer needs clang; the sanitizers for addresses and undefined behaviour watch what it finds.
    "fuzzed": struct(
        compiler = "clang++-14",
        copts = [
            "-O1",
            "-g1",
            "-D_GLIBCXX_ASSERTIONS",
            "-fno-omit-frame-pointer",
            "-fsanitize=fuzzer,address,undefined",
            "-fno-sanitize-recover=all",
        ],
    ),
    # The options of --config=release.
    "release": struct(
        compiler = "g++",
        copts = ["-O3", "-flto=auto", "-fomit-frame-pointer", "-fPIC", "-DNDEBUG"],
    ),
}

_Objects = provider(
    doc = "Object files and headers of a target and of all that it uses.",
    fields = ["objects", "headers"],
)

def _run(ctx, flavour, inputs, output, arguments, doing):
    ctx.actions.run_shell(
        inputs = inputs,
        outputs = [output],
        arguments = [arguments],
        command = """command -v {compiler} > /dev/null || {{ echo "no {compiler} here; run tools/setup" >&2; exit 1; }}
exec {compiler} "$@\"""".format(compiler = flavour.compiler),
        mnemonic = "CompileDirectly",
        progress_message = "%s %s" % (doing, output.short_path),
        use_default_shell_env = True,
    )

def _compile(ctx, flavour, label, source, headers):
    name = "%s.%s.%s.o" % (label.name, source.basename, ctx.attr.flavour)
    compiled = ctx.actions.declare_file(name)
    arguments = ctx.actions.args()
    arguments.add_all(["-std=c++20", "-iquote."] + flavour.copts)
    arguments.add("-c", source)
    arguments.add("-o", compiled)
    _run(ctx, flavour, depset([source], transitive = [headers]), compiled, arguments, "Compiling")
    return compiled

def _objects(ctx, label, files, deps):
    """Compiles those of the files that are sources; with what the deps have."""
    flavour = _FLAVOURS[ctx.attr.flavour]
    used = [dep[_Objects] for dep in deps if _Objects in dep]
    headers = depset(
        [file for file in files if file.extension == "hpp"],
        transitive = [one.headers for one in used],
    )
    compiled = [
        _compile(ctx, flavour, label, file, headers)
        for file in files
        if file.extension == "cpp"
    ]
    objects = depset(compiled, transitive = [one.objects for one in used])
    return _Objects(objects = objects, headers = headers)

def _compile_used_impl(target, ctx):
    attributes = [getattr(ctx.rule.attr, name, []) for name in ["srcs", "hdrs"]]
    files = [file for some in attributes for one in some for file in one.files.to_list()]
    return [_objects(ctx, target.label, files, getattr(ctx.rule.attr, "deps", []))]

_compile_used = aspect(
    implementation = _compile_used_impl,
    attr_aspects = ["deps"],
    attrs = {"flavour": attr.string(values = _FLAVOURS.keys())},
)

def _direct_program_impl(ctx):
    flavour = _FLAVOURS[ctx.attr.flavour]
    objects = _objects(ctx, ctx.label, ctx.files.srcs, ctx.attr.deps).objects
    program = ctx.actions.declare_file(ctx.label.name)
    arguments = ctx.actions.args()
    arguments.add_all(flavour.copts)
    arguments.add_all(objects)
    arguments.add("-o", program)
    _run(ctx, flavour, objects, program, arguments, "Linking")
    return [DefaultInfo(executable = program, files = depset([program]))]

direct_program = rule(
    implementation = _direct_program_impl,
    attrs = {
        "flavour": attr.string(mandatory = True, values = _FLAVOURS.keys()),
        "srcs": attr.label_list(allow_files = [".cpp", ".hpp"]),
        "deps": attr.label_list(aspects = [_compile_used]),
    },
    executable = True,
)
