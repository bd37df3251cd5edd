/** What was last worked out, by key: the oldest entry goes when there are too many, so that it stays small. */
export class Memo<K, V> {
  readonly #entries = new Map<K, V>()
  readonly #most: number
  readonly #make: (key: K) => V

  constructor(most: number, make: (key: K) => V) {
    this.#most = most
    this.#make = make
  }

  get(key: K): V {
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    const made = this.#make(key)
    if (this.#entries.size >= this.#most) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest)
        break
      }
    }
    this.#entries.set(key, made)
    return made
  }
}
