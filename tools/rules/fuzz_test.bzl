"""A fuzz target, which is two tests: NAME replays its corpus, so that what was found once stays
found, and NAME_libfuzzer lets libFuzzer look for more for some seconds. As long as one likes:

    bazel run //tests/fuzz:NAME_program -- $PWD/tests/fuzz/CORPUS

The program is a direct_program: all that it uses is compiled by clang for it, once more.
"""

load("//tools/rules:canstage.bzl", "canstage_plain_test")
load("//tools/rules:direct_program.bzl", "direct_program")

def fuzz_test(name, srcs, corpus = [], corpus_folder = "corpus", seconds = 5, libfuzzer_tags = [], deps = [], **kwargs):
    """A source with LLVMFuzzerTestOneInput, run over its corpus and fuzzed.

    Args:
      name: the name of the test that replays the corpus.
      srcs: the source.
      corpus: the inputs, usually glob(["corpus/**"]).
      corpus_folder: where they are, below this package.
      seconds: how long to fuzz.
      libfuzzer_tags: of NAME_libfuzzer: "slow" if much is to be compiled for it.
      deps: what it uses: this project's own libraries.
      **kwargs: as for canstage_test.
    """
    folder = "%s/%s" % (native.package_name(), corpus_folder)
    canstage_plain_test(
        name = name,
        srcs = srcs,
        args = [folder],
        data = corpus,
        deps = deps + ["//tests:replay_main"],
        **kwargs
    )
    direct_program(
        name = name + "_program",
        testonly = True,
        tags = ["manual"],
        flavour = "fuzzed",
        srcs = srcs,
        deps = deps,
    )
    native.sh_test(
        name = name + "_libfuzzer",
        size = "medium",
        tags = libfuzzer_tags,
        srcs = ["//tools/rules:libfuzzer_test.sh"],
        args = ["$(rootpath :%s_program)" % name, folder, str(seconds)],
        data = corpus + [":%s_program" % name],
    )
