import Transparency

/// Notes and keys that others made.
enum NoteVectors {
    /// The example of C2SP signed-note.
    static let exampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    static let exampleNote = """
        This is an example message.

        — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

        """

    /// The examples of golang.org/x/mod/sumdb/note.
    static let peterKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    /// The base64 of `PRIVATE+KEY+PeterNeumann+c74f20a3+...`: a type byte and the seed.
    static let peterSeed = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    static let enochKey = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
    static let peterText = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        """
    static let peterLine =
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    static let enochLine =
        "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"

    /// A tree head of Go's checksum database, whose origin is not the name of its key.
    static let goKey = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    static let goHead = """
        go.sum database tree
        6476701
        mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=

        — sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=

        """

    /// A key of transparency-dev/formats, in whose base64 there is a plus.
    static let plusKey = "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6"
}

/// The code of the error that a closure throws; nil when it throws none.
func code(_ body: () throws -> Void) -> NoteError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as! NoteError).code
    }
}

/// Every text that differs from this one in one byte: in one bit, or by a newline, space, zero or carriage return instead.
func changedBytes(_ text: String) -> [[UInt8]] {
    let bytes = Array(text.utf8)
    return bytes.indices.flatMap { place in
        let others = (0..<8).map { bytes[place] ^ (1 << $0) } + [0x0A, 0x20, 0x00, 0x0D]
        return Set(others).subtracting([bytes[place]]).map { other in
            var changed = bytes
            changed[place] = other
            return changed
        }
    }
}
