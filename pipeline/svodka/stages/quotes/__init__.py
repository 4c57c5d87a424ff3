"""Quotations: who said what. `stage` puts the parts together; each module answers one question.

What is read:
    view: A document as plain lists.
    cues: Which token is a cue, and the lexicon.
    marks: Which quotation marks pair.
    zones: Which tokens stand in direct speech.

Which words are a quotation:
    direct: Direct speech in marks, with `author_after` («П», — сказал он), `author_before` (Он сказал: «П»), `author`
        (the cue among the author's words) and `quoted_speech` (the quotation that all of them make).
    block: Speech by layout: interviews, dialogues with dashes.
    indirect: Indirect speech, with `clause_start` and `clause_end` (which clause is reported), `parenthesis`
        («P, сообщил Орлов»), `according` («по словам Орлова, P»), `nouns` («заявление о том, что P») and `reported`
        (what they share).
    fragment: Single words in marks: speech, or a name?
    headline: Quotations in the headline.
    content: Where content begins and ends among punctuation.
    reject: What is no speech.
    overlaps: Which of two quotations of the same text stays.

Which words name the source:
    sources: The source of a cue, with `subjects` (the subject of a verb), `references` («со ссылкой на МВД») and
        `venues` («в интервью РБК»).
    candidates: Who else may be the source, for the model `source`.
    phrases: Where a noun phrase begins and ends, and its nominative.
    found: What the rules hand on: `Found` and `Source`.

Whom the words mean:
    attribute: The speaker of a quotation.
    names: The person that a phrase names.
    body_names: How a body that the text names is called.
    bodies: Which body a part of a name, or a site, means.
    documents: Whose a document is.
    turns: Who speaks in an interview.
    referents: Whom words without a name mean, for the model `referent`, with `likeness` (what they share with
        somebody), `media` (which organisations are media) and `mentions` (where somebody is named).
    unnamed: What words are called that mean nobody of the text.
    speakers: What is known of a speaker: `Speaker` and `Asked`.

How sure it is:
    scorer: The models and their weights.
    confidence: What the model `attribution` weighs.
"""
