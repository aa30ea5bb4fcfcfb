/** What the owner of a kind of file knows about its keys. This room reads and checks any file, and asks the vocabulary for better messages. */
export interface Vocabulary {
  /** Every key that the file can have, at any depth. A key that lacks the space after its colon, as in `source:rtsp://…`, is recognised by it. */
  readonly keys: ReadonlySet<string>
  /** Keys whose text is often written without quotes and may contain a #. */
  readonly freeText: ReadonlySet<string>
  /** Whether messages must not show the value at this path. */
  isSecret (path: string): boolean
  /** Why `${…}` is refused at this path; undefined if it is filled in. */
  whyLiteral (path: string): string | undefined
  /** Where a key belongs that is unknown at this path, as the end of a sentence; empty if it is unknown everywhere. */
  keyHint (key: string, path: string): string
  /** What to write instead of an invalid text, as the end of a sentence; empty if nothing is known. */
  valueHint (text: string, path: string): string
  /** The noun for the keys of a map whose keys users choose. */
  nounFor (path: string): string
  /** What such a key may hold, as the end of a sentence. */
  nameRule (path: string): string
  /** What to write instead of such a key if it is invalid, as the end of a sentence. */
  nameHint (key: string, path: string): string
  /** An example of such a map, as the end of a sentence; may be empty. */
  exampleOf (path: string): string
}
