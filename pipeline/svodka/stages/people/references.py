"""What refers to an entity without its name: roles, nouns that take it up, pronouns."""

from collections.abc import Sequence

from svodka.stages.columns import Columns
from svodka.stages.people.discourse import Discourse
from svodka.stages.people.known import Known
from svodka.stages.people.nominals import find_nominals
from svodka.stages.people.pronouns import find_pronouns, points_by_feature
from svodka.stages.people.role_mentions import Reference, find_role_mentions


def find_references(tokens: Columns, entities: Sequence[Known]) -> list[Reference]:
    """The references to the entities of a document, in no order.

    Args:
        tokens: The tokens of a document with sentences, parts of speech, features and lemmas; relations are used where
            it has them.
        entities: Its entities; they learn of what they were called, and where.
    """
    groups = [-1] * len(tokens)
    titles: set[int] = set()
    for one in entities:
        for start, end in one.names:
            groups[start:end] = [one.group] * (end - start)
        for start, end in one.roles:
            titles.update(range(start, end))
    people = [one for one in entities if one.label == "PER"]
    found: list[Reference] = []
    for find, ones in ((find_role_mentions, people), (find_nominals, entities)):
        references = find(tokens, ones, groups, titles)
        for start, end, group, _ in references:
            groups[start:end] = [group] * (end - start)
        found += references
    if people:
        genders = {one.group: one.gender or "" for one in people}
        places = [(start, one.group) for one in entities for start, _ in one.names]
        places += [(reference.start, reference.group) for reference in found]
        discourse = Discourse(tokens, groups, sorted(places), genders, titles, points_by_feature())
        found += find_pronouns(discourse, {one.group: one for one in people})
    return found
