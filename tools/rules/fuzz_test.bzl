"""A fuzz target that is also an ordinary test.

With --config=fuzz it fuzzes for some seconds; in any other build it replays its
corpus, so that what was found once stays found.
"""

load("//tools/rules:canstage.bzl", "canstage_plain_test")

def fuzz_test(name, corpus = [], corpus_folder = "corpus", seconds = 10, deps = [], **kwargs):
    """A source with LLVMFuzzerTestOneInput, fuzzed or run over its corpus.

    Args:
      name: the test's name.
      corpus: the inputs, usually glob(["corpus/**"]).
      corpus_folder: where they are, below this package.
      seconds: how long to fuzz.
      deps: what it uses.
      **kwargs: as for canstage_test.
    """
    canstage_plain_test(
        name = name,
        args = select({
            "//tools/rules:libfuzzer": ["-max_total_time=%d" % seconds],
            "//conditions:default": [],
        }) + ["%s/%s" % (native.package_name(), corpus_folder)],
        data = corpus,
        linkopts = select({
            "//tools/rules:libfuzzer": ["-fsanitize=fuzzer"],
            "//conditions:default": [],
        }),
        deps = deps + select({
            "//tools/rules:libfuzzer": [],
            "//conditions:default": ["//tests:replay_main"],
        }),
        **kwargs
    )
