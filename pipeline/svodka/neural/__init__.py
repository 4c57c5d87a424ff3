"""The slovnet models of natasha (morphology, syntax, named entities), run over batches of documents."""
