/** Reads the engine's numbers and texts one after the other. Beyond the end it gives nothing more, and says so. */
export class ByteCursor {
  /** Whether more was asked for than there was. */
  isBeyond = false
  #at: number
  readonly #bytes: Buffer

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  get isDone(): boolean {
    return this.isBeyond || this.#at >= this.#bytes.length
  }

  byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) this.isBeyond = true
    return byte ?? 0
  }

  /** Seven bits a byte, the lowest first; above 2^53 the last digits are lost, and no size or number of a file is there. */
  varint(): number {
    let value = 0
    for (let factor = 1; factor < 2 ** 64; factor *= 128) {
      const byte = this.byte()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
    this.isBeyond = true
    return 0
  }

  take(length: number): Buffer {
    const from = this.#at
    this.#at += length
    if (this.#at > this.#bytes.length) this.isBeyond = true
    return this.#bytes.subarray(from, this.#at)
  }

  /** What is preceded by its length. */
  prefixed(): Buffer {
    return this.take(this.varint())
  }

  /** What has not been read yet. */
  rest(): Buffer {
    return this.#bytes.subarray(this.#at)
  }
}
