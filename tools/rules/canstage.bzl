"""How this project's own C++ is compiled: the one place for its warnings."""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_library", "cc_test")

_COPTS = [
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wshadow",
    "-Wconversion",
    "-Werror",
    # g++ 12 sees an overlap in `std::string + "text"` where there is none.
    "-Wno-restrict",
]

def canstage_library(name, copts = [], **kwargs):
    """A cc_library of this project."""
    cc_library(name = name, copts = _COPTS + copts, **kwargs)

def canstage_binary(name, copts = [], **kwargs):
    """A cc_binary of this project."""
    cc_binary(name = name, copts = _COPTS + copts, **kwargs)

def canstage_plain_test(name, copts = [], size = "small", **kwargs):
    """A test that brings its own main function."""
    cc_test(name = name, size = size, copts = _COPTS + copts, **kwargs)

def canstage_test(name, deps = [], **kwargs):
    """A Catch2 test: //tests:main brings the main function."""
    canstage_plain_test(
        name = name,
        deps = deps + [
            "//tests:main",
            "@system//:catch2",
        ],
        **kwargs
    )
