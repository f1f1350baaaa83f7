#!/usr/bin/env python3
"""The JSON Schema that the program prints, held against scenarios that are right and against wrong ones."""
import json
import pathlib
import re
import unittest

import jsonschema
import yaml

from program import SHIPPED, run

BAD = sorted(pathlib.Path("tests/scenarios/bad").resolve().glob("*.yaml"))
PAGES = [pathlib.Path("docs/scenario-format.md").resolve(), *sorted(pathlib.Path("docs/scenario").resolve().glob("*.md"))]

# Wrong in a way that no schema can say: names, numbers and files are compared, values are counted, and YAML
# itself is wrong or says the same twice. Everything else that is wrong the schema has to find, too.
ONLY_THE_LOADER_KNOWS = set("""
    answers_where_another_is_asked
    answers_where_it_is_asked
    bad_expression
    bad_fleet
    bad_number_place
    bad_parties
    capture_length_0
    capture_of_another_branch
    capture_of_own_answer
    count_range
    did_twice
    duplicate_ecu
    duplicate_key
    duplicate_name
    duplicate_numbers
    ecu_on_another_bus
    expect_without_request
    faults_of_power_and_load
    fd_on_classic_bus
    functional_expectation_is_a_pattern
    functional_is_own_request
    functional_too_long
    functional_with_address
    hex_with_0x
    include_itself
    like_circle
    like_itself
    like_unknown
    memory_overlap
    missing_buses
    no_bus
    no_tester
    number_out_of_range
    numbered_without_place
    numbers_backwards
    own_addresses
    p2_too_long
    periodic_frames_clash
    real_in_virtual_time
    real_nodes
    rule_capture_unknown
    run_too_long
    same_request
    same_response
    shared_data
    shared_data_of_one_ecu
    shared_identifiers
    stmin
    tester_formats
    time_range_backwards
    time_too_long
    too_many_numbers
    two_testers
    unknown_bus
    unknown_capture
    unknown_ecu_in_expect
    unknown_variable
    varying_times
    virtual_time_and_expose
    virtual_time_on_socketcan
""".split())


class Keys:
    """Keys are text, whatever YAML takes them for: a DID 0110 is no number."""

    def construct_mapping(self, node, deep=False):
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key is plain text", key.start_mark)
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


class Yaml11(Keys, yaml.SafeLoader):
    """As PyYAML and many editors read it."""


class Yaml12(Keys, yaml.SafeLoader):
    """As editors read it that know YAML 1.2: on and off are words there, 010 is ten and 7E1 a large number."""
    yaml_implicit_resolvers = {}


for tag, pattern, first in (("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
                            ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
                            ("int", r"^(?:[-+]?[0-9]+|0x[0-9A-Fa-f]+)$", "-+0123456789"),
                            ("float", r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", "-+0123456789.")):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))
Yaml12.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value, 16 if "x" in node.value else 10))
for loader_class in (Yaml11, Yaml12):
    loader_class.add_constructor("tag:yaml.org,2002:map", lambda loader, node: loader.construct_mapping(node))


def examples():
    """The whole scenarios among the examples of the documentation."""
    for page in PAGES:
        for text in re.findall(r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            if text.startswith("canstage:"):
                yield f"{page.name}: {text}", text


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(run("schema").stdout)
        jsonschema.Draft202012Validator.check_schema(cls.schema)
        cls.validator = jsonschema.Draft202012Validator(cls.schema)

    def complaint(self, text, loader):
        """The first thing that the schema does not allow; None if all is right."""
        found = jsonschema.exceptions.best_match(self.validator.iter_errors(yaml.load(text, Loader=loader)))
        return found and f"{'/'.join(map(str, found.absolute_path))}: {found.message}"

    def test_it_says_which_draft_it_is(self):
        self.assertEqual(self.schema["$schema"], "https://json-schema.org/draft/2020-12/schema")

    def test_every_shipped_scenario_is_right(self):
        self.assertGreater(len(SHIPPED), 4)
        for loader in (Yaml11, Yaml12):
            for file in SHIPPED:
                with self.subTest(file=file.name, loader=loader.__name__):
                    self.assertIsNone(self.complaint(file.read_text(encoding="utf-8"), loader))

    def test_every_example_is_right(self):
        found = list(examples())
        self.assertGreater(len(found), 10)
        for loader in (Yaml11, Yaml12):
            for name, text in found:
                with self.subTest(example=name, loader=loader.__name__):
                    self.assertIsNone(self.complaint(text, loader))

    def test_what_is_wrong_in_structure_is_wrong_by_the_schema(self):
        self.assertGreater(len(BAD), 100)
        for loader in (Yaml11, Yaml12):
            passed = set()
            for file in BAD:
                try:
                    if self.complaint(file.read_text(encoding="utf-8"), loader) is None:
                        passed.add(file.stem)
                except yaml.YAMLError:
                    pass  # an editor says so without a schema
            with self.subTest(loader=loader.__name__):
                self.assertEqual(passed, ONLY_THE_LOADER_KNOWS)

    def test_every_key_is_explained(self):
        for name, definition in self.schema["$defs"].items():
            for one in (definition, definition.get("else", {})):
                for key, about in one.get("properties", {}).items():
                    with self.subTest(map=name, key=key):
                        self.assertRegex(about["description"], r"\.")

    def test_a_mistyped_key_and_a_value_of_the_wrong_kind_are_found_where_they_are(self):
        wrong = "canstage: 1\nbuses: { can: { bitrat: 500k } }\n"
        self.assertRegex(self.complaint(wrong, Yaml11), "buses/can: .*bitrat")
        wrong = "canstage: 1\nbuses: { can: { bitrate: [] } }\n"
        self.assertRegex(self.complaint(wrong, Yaml11), "buses/can/bitrate")


if __name__ == "__main__":
    unittest.main()
