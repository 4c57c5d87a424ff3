"""What can be set: TOML in, unknown keys refused by name, a fingerprint out.

[morphology]
backend = "pymorphy2"

[run]
workers = 2
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_serializer, field_validator

from svodka.errors import ConfigError
from svodka.stages.quotes.scorer import Scorer, dump_scorers, load_scorers, parse_scorers

StageName = Literal["morphology", "syntax", "entities", "dates", "people", "quotes"]
STAGES: tuple[StageName, ...] = get_args(StageName)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TokenizeConfig(_Section):
    """Tokens and sentences."""

    max_sentence_tokens: Annotated[int, Field(ge=10, le=2000)] = 400
    """A longer run without a sentence end is cut."""


class MorphologyConfig(_Section):
    """Lemmas and inflection."""

    backend: Literal["pymorphy3", "pymorphy2"] = "pymorphy3"
    """Which dictionary serves; pymorphy3 is the maintained one."""


class QuotesConfig(_Section):
    """Quotations and their speakers."""

    weights: Mapping[str, Scorer] | None = None
    """A file of weights that `svodka adapt` wrote, read at once: so the fingerprint follows its content, and a process
    on another machine needs no file. A path in a TOML file counts from the file's folder."""

    @field_validator("weights", mode="before")
    @classmethod
    def _read(cls, value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401
        if value is None:
            return None
        if not isinstance(value, str | Path):
            return parse_scorers(value)
        try:
            return load_scorers(Path((info.context or {}).get("folder", "")) / value)
        except ConfigError as error:
            raise ValueError(str(error)) from error

    @field_serializer("weights")
    def _dump(self, weights: Mapping[str, Scorer] | None) -> dict[str, Any] | None:
        return None if weights is None else dump_scorers(weights)


class RunConfig(_Section):
    """How the work is done; it does not change the result, but for documents over a limit."""

    batch_size: Annotated[int, Field(ge=1)] = 32
    """Documents that go through the models at once."""
    workers: Annotated[int, Field(ge=1)] = 1
    """Processes."""
    document_characters: Annotated[int, Field(ge=1)] = 2_000_000
    """A longer document is left undone, a row of `errors` says so: memory grows by 0.4 kB a character."""
    document_seconds: Annotated[float, Field(gt=0)] | None = 300
    """A document that takes longer is left undone, a row of `errors` says so."""
    shard_articles: Annotated[int, Field(ge=1)] = 512
    """Articles of a shard of a run, about; what is done is kept shard by shard."""
    kernels: Literal["auto", "compiled", "portable"] = "auto"
    """How the models are computed: compiled by numba, in plain numpy, or whichever can be had."""


class Config(_Section):
    """The whole configuration; each field is a section of the TOML file."""

    stages: tuple[StageName, ...] = STAGES
    """Stages to run, in the order of the pipeline: morphology, syntax, entities, dates, people, quotes."""
    tokenize: TokenizeConfig = TokenizeConfig()
    morphology: MorphologyConfig = MorphologyConfig()
    quotes: QuotesConfig = QuotesConfig()
    run: RunConfig = RunConfig()

    @classmethod
    def from_dict(cls, values: dict[str, Any], folder: Path | None = None) -> Self:
        """A configuration of nested values.

        Args:
            values: The values.
            folder: Where relative paths among them count from; None for the working directory.

        Raises:
            ConfigError: A key is unknown or a value wrong; the message names each.
        """
        try:
            return cls.model_validate(values, context={"folder": folder or Path()})
        except ValidationError as error:
            raise ConfigError("; ".join(_explain(problem) for problem in error.errors())) from error

    @classmethod
    def from_toml(cls, path: str | Path) -> Self:
        """A configuration from a TOML file.

        Raises:
            ConfigError: The file is missing or no TOML, a key is unknown, a value is wrong.
        """
        try:
            values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(f"{path}: the configuration cannot be read: {error.strerror}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: not a TOML file: {error}") from error
        try:
            return cls.from_dict(values, Path(path).parent)
        except ConfigError as error:
            raise ConfigError(f"{path}: {error}") from error

    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that differ where two configurations can give different tables."""
        return _digest(self.model_dump(mode="json", exclude={"run"}))

    def settings(self) -> dict[str, Any]:
        """What `fingerprint` is of, to be read: a digest stands for weights of the user's own."""
        values = self.model_dump(mode="json", exclude={"run"})
        if self.quotes.weights is not None:
            values["quotes"]["weights"] = _digest(values["quotes"]["weights"])
        return values


PRESETS: dict[str, Config] = {
    "default": Config(),
    "fast": Config(stages=("morphology", "entities", "dates", "people")),
}
"""Named configurations: ``default`` has every stage, ``fast`` leaves out syntax and the quotations that need it."""


def get_config(config: "Config | str | Path | dict[str, Any] | None" = None) -> Config:
    """A configuration from what a user gives: nothing, a preset's name, a TOML file, a dict or a Config.

    Raises:
        ConfigError: There is no such preset or file, or its content is wrong.
    """
    if config is None:
        return PRESETS["default"]
    if isinstance(config, Config):
        return config
    if isinstance(config, dict):
        return Config.from_dict(config)
    if isinstance(config, str) and config in PRESETS:
        return PRESETS[config]
    if isinstance(config, Path) or str(config).endswith(".toml"):
        return Config.from_toml(config)
    raise ConfigError(f"no configuration {config!r}: give one of {', '.join(PRESETS)}, or a .toml file")


def _digest(values: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def _explain(problem: Any) -> str:  # noqa: ANN401
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        section = Config.model_fields.get(str(problem["loc"][0]))
        inside = len(problem["loc"]) > 1 and section is not None and isinstance(section.annotation, type)
        known = section.annotation.model_fields if inside else Config.model_fields  # type: ignore[union-attr]
        return f"unknown key {place!r}; known here: {', '.join(known)}"
    if problem["type"] == "value_error":
        return f"{place}: {problem['ctx']['error']}"
    return f"{place}: {problem['msg']}, got {problem['input']!r}"
