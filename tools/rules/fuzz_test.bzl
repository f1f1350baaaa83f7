"""A fuzz target, which is two tests: NAME replays its corpus, so that what was found once stays
found, and NAME_libfuzzer lets libFuzzer look for more for some seconds. As long as one likes:

    bazel run //tests/fuzz:NAME_program -- $PWD/tests/fuzz/CORPUS

libFuzzer needs clang. The program is compiled by it, with the sanitizers for addresses and undefined
behaviour, whatever the rest of the build is compiled with.
"""

load("//tools/rules:canstage.bzl", "canstage_plain_test")
load("//tools/rules:direct_program.bzl", "direct_program")

_COPTS = [
    "-std=c++20",
    "-O1",
    "-g1",
    "-D_GLIBCXX_ASSERTIONS",
    "-fno-omit-frame-pointer",
    "-fsanitize=fuzzer,address,undefined",
    "-fno-sanitize-recover=all",
]

def fuzz_test(name, srcs, corpus = [], corpus_folder = "corpus", seconds = 5, deps = [], **kwargs):
    """A source with LLVMFuzzerTestOneInput, run over its corpus and fuzzed.

    Args:
      name: the name of the test that replays the corpus.
      srcs: the source.
      corpus: the inputs, usually glob(["corpus/**"]).
      corpus_folder: where they are, below this package.
      seconds: how long to fuzz.
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
        compiler = "clang++-14",
        copts = _COPTS,
        srcs = srcs,
        deps = deps,
    )
    native.sh_test(
        name = name + "_libfuzzer",
        size = "medium",
        # By name only: compiling these programs takes longer than all other tests.
        tags = ["manual"],
        srcs = ["//tools/rules:libfuzzer_test.sh"],
        args = ["$(rootpath :%s_program)" % name, folder, str(seconds)],
        data = corpus + [":%s_program" % name],
    )
