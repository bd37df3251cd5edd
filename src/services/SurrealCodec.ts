import { DateTime, Option } from "effect"
import { Buffer } from "node:buffer"
import { CborCodec, RecordId } from "surrealdb"

/** Tags of SurrealDB's CBOR: https://surrealdb.com/docs/surrealdb/integration/cbor */
const tag = { none: 6, recordId: 8, datetime: 12 } as const

/** Strings up to this length are copied letter by letter, which for short ones is faster than a native call. */
const shortText = 40

/**
 * What goes to the engine and back, as CBOR. Rows are encoded here, in one pass and several times faster than by the
 * SDK: at thousands of rows a second its encoder alone takes more time than the engine. Instants become datetimes, options
 * their content or NONE, `undefined` NONE, at any depth. Values of the SDK's own classes are left to the SDK.
 */
export class SurrealCodec extends CborCodec {
  override encode<T>(data: T): Uint8Array {
    const writer = new Writer((value) => super.encode(value))
    writer.value(data)
    return writer.written()
  }
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The bytes of a CBOR head. */
const headSize = (argument: number): number =>
  argument < 24 ? 1 : argument < 0x100 ? 2 : argument < 0x1_0000 ? 3 : argument < 0x1_0000_0000 ? 5 : 9

class Writer {
  #bytes = Buffer.allocUnsafe(1024)
  #at = 0
  readonly #foreign: (value: unknown) => Uint8Array

  constructor(foreign: (value: unknown) => Uint8Array) {
    this.#foreign = foreign
  }

  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  value(value: unknown): void {
    switch (typeof value) {
      case "string":
        return this.#text(value)
      case "number":
        return this.#number(value)
      case "boolean":
        return this.#byte(value ? 0xf5 : 0xf4)
      case "undefined":
        return this.#none()
      case "object":
        return value === null ? this.#byte(0xf6) : this.#object(value)
      default:
        return this.#copy(this.#foreign(value))
    }
  }

  #object(value: object): void {
    if (Array.isArray(value)) return this.#array(value)
    if (isPlain(value)) return this.#fields(value)
    if (value instanceof RecordId) {
      this.#head(6, tag.recordId)
      return this.#array([value.table.name, value.id])
    }
    if (DateTime.isDateTime(value)) return this.#instant(DateTime.toEpochMillis(value))
    if (value instanceof Uint8Array) {
      this.#head(2, value.length)
      return this.#copy(value)
    }
    if (Option.isOption(value)) return Option.isSome(value) ? this.value(value.value) : this.#none()
    this.#copy(this.#foreign(value))
  }

  #array(values: ReadonlyArray<unknown>): void {
    this.#head(4, values.length)
    for (const value of values) this.value(value)
  }

  #fields(object: object): void {
    const entries: ReadonlyArray<readonly [string, unknown]> = Object.entries(object)
    this.#head(5, entries.length)
    for (const [name, value] of entries) {
      this.#text(name)
      this.value(value)
    }
  }

  #none(): void {
    this.#head(6, tag.none)
    this.#byte(0xf6)
  }

  /** Seconds, and nanoseconds of the second. */
  #instant(millis: number): void {
    const seconds = Math.floor(millis / 1000)
    this.#head(6, tag.datetime)
    this.#head(4, 2)
    this.#number(seconds)
    this.#number(Math.round((millis - seconds * 1000) * 1_000_000))
  }

  #number(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) <= 2 ** 53) {
      return value >= 0 ? this.#head(0, value) : this.#head(1, -(value + 1))
    }
    this.#room(9)
    this.#bytes[this.#at++] = 0xfb
    this.#at = this.#bytes.writeDoubleBE(value, this.#at)
  }

  #text(text: string): void {
    const { length } = text
    this.#room(length * 3 + 9)
    const start = this.#at
    if (length <= shortText) {
      this.#head(3, length)
      const bytes = this.#bytes
      let at = this.#at
      let index = 0
      for (; index < length; index++) {
        const code = text.charCodeAt(index)
        if (code > 0x7f) break
        bytes[at++] = code
      }
      if (index === length) {
        this.#at = at
        return
      }
    }
    // The head says how many bytes follow, which is known only once they are written.
    this.#at = start
    this.#head(3, length)
    const guessed = this.#at
    const size = this.#bytes.write(text, guessed, "utf8")
    if (size !== length) {
      const begin = start + headSize(size)
      if (begin !== guessed) this.#bytes.copyWithin(begin, guessed, guessed + size)
      this.#at = start
      this.#head(3, size)
    }
    this.#at += size
  }

  /** A CBOR head: the major type and its argument, in as few bytes as hold it. */
  #head(major: number, argument: number): void {
    this.#room(9)
    const bytes = this.#bytes
    const type = major << 5
    if (argument < 24) bytes[this.#at++] = type | argument
    else if (argument < 0x100) {
      bytes[this.#at++] = type | 24
      bytes[this.#at++] = argument
    } else if (argument < 0x1_0000) {
      bytes[this.#at++] = type | 25
      this.#at = bytes.writeUInt16BE(argument, this.#at)
    } else if (argument < 0x1_0000_0000) {
      bytes[this.#at++] = type | 26
      this.#at = bytes.writeUInt32BE(argument, this.#at)
    } else {
      bytes[this.#at++] = type | 27
      this.#at = bytes.writeBigUInt64BE(BigInt(argument), this.#at)
    }
  }

  #byte(byte: number): void {
    this.#room(1)
    this.#bytes[this.#at++] = byte
  }

  #copy(encoded: Uint8Array): void {
    this.#room(encoded.length)
    this.#bytes.set(encoded, this.#at)
    this.#at += encoded.length
  }

  #room(size: number): void {
    const needed = this.#at + size
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
    grown.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = grown
  }
}

const codec = new SurrealCodec({})

/**
 * Values as bytes, for `encoding::cbor::decode($bytes)` in a statement: the engine reads them on a thread of its own, and
 * an INSERT of rows that come so takes half the time of one whose rows are a variable.
 */
export const packed = (value: unknown): Uint8Array => Uint8Array.from(codec.encode(value))
