"""A program that is compiled with other options than the rest of the build: by one call of a compiler,
from the sources of all that it uses. For this project's own libraries without libraries of the system."""

_Sources = provider(doc = "C++ files of a target and of all that it uses.", fields = ["files"])

def _collect_sources_impl(target, ctx):
    own = [files.files for name in ["srcs", "hdrs"] for files in getattr(ctx.rule.attr, name, [])]
    used = [dep[_Sources].files for dep in getattr(ctx.rule.attr, "deps", []) if _Sources in dep]
    return [_Sources(files = depset(transitive = own + used))]

_collect_sources = aspect(implementation = _collect_sources_impl, attr_aspects = ["deps"])

def _direct_program_impl(ctx):
    used = [dep[_Sources].files for dep in ctx.attr.deps]
    files = depset(ctx.files.srcs, transitive = used).to_list()
    program = ctx.actions.declare_file(ctx.label.name)
    arguments = ctx.actions.args()
    arguments.add(program)
    arguments.add_all(ctx.attr.copts)
    arguments.add("-iquote.")
    arguments.add_all([file for file in files if file.extension == "cpp"])
    ctx.actions.run_shell(
        inputs = files,
        outputs = [program],
        arguments = [arguments],
        command = """command -v {compiler} > /dev/null || {{ echo "no {compiler} here; run tools/setup" >&2; exit 1; }}
program=$1; shift; exec {compiler} "$@" -o "$program\"""".format(compiler = ctx.attr.compiler),
        mnemonic = "CompileDirectly",
        progress_message = "Compiling all of %s" % ctx.label,
        use_default_shell_env = True,
    )
    return [DefaultInfo(executable = program, files = depset([program]))]

direct_program = rule(
    implementation = _direct_program_impl,
    attrs = {
        "compiler": attr.string(mandatory = True),
        "copts": attr.string_list(),
        "srcs": attr.label_list(allow_files = [".cpp", ".hpp"]),
        "deps": attr.label_list(aspects = [_collect_sources]),
    },
    executable = True,
)
