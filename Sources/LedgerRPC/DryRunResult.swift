import EventCodec
public import JSONText
public import LedgerModel

/// The result of `configure` with `dryRun`.
extension JSONWriter {
    /// `{dryRun, effectiveAt?, differences: [{key, version, before, after, fields: [{path, before, after}], accounts}]}`. `version` is the
    /// current one, 0 when there is none; null stands for what is not there.
    public mutating func dryRun(_ dryRun: DryRun) {
        beginObject()
        key("dryRun")
        boolean(true)
        time("effectiveAt", dryRun.effectiveAt)
        key("differences")
        beginArray()
        for difference in dryRun.differences { self.difference(difference) }
        endArray()
        endObject()
    }

    private mutating func difference(_ difference: DryRun.Difference) {
        beginObject()
        key("key")
        string(difference.key.description)
        key("version")
        integer(difference.version)
        key("before")
        documentOrNull(difference.before)
        key("after")
        documentOrNull(difference.after)
        fields(DocumentDifference.between(difference.before, difference.after))
        key("accounts")
        integer(difference.accounts)
        endObject()
    }

    mutating func documentOrNull(_ document: Document?) {
        if let document { self.document(document) } else { null() }
    }

    private mutating func fields(_ differences: [DocumentDifference]) {
        key("fields")
        beginArray()
        for difference in differences {
            beginObject()
            key("path")
            string(difference.path)
            key("before")
            raw(difference.before ?? "null")
            key("after")
            raw(difference.after ?? "null")
            endObject()
        }
        endArray()
    }
}
