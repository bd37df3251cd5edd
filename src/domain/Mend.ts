/** A failure, for people. */
export interface Mend {
  readonly what: string
  /** A command, or a sentence. */
  readonly fix: string
  /** Its own message ends with that, or names it more exactly, so that it need not be said twice. */
  readonly told?: true
}
