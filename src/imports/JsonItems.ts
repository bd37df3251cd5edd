/** The items of one JSON array, taken from its bytes as they come: a file of any size is never held as a whole. */
import { Buffer } from "node:buffer"

/** An item as it stands in the file. */
export interface JsonItem {
  /** Counts from 1. */
  readonly number: number
  /** Where it begins, in bytes. */
  readonly at: number
  /** Its text; what is longer than an item may be is cut there. */
  readonly text: string
  readonly isCut: boolean
}

/** What is wrong with the bytes as an array. */
export interface JsonFault {
  readonly at: number
  readonly why: string
}

const code = {
  tab: 0x09,
  lineFeed: 0x0a,
  return: 0x0d,
  space: 0x20,
  quote: 0x22,
  comma: 0x2c,
  backslash: 0x5c,
  open: 0x5b,
  close: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d
} as const

const isBlank = (byte: number): boolean =>
  byte === code.space || byte === code.lineFeed || byte === code.return || byte === code.tab

/** Longer than any item of a provider; what is longer is kept up to here, and told as unreadable. */
export const longestItem = 1024 * 1024

type Place = "start" | "first" | "item" | "between" | "end"

/**
 * Takes an array apart by its brackets and quotes alone: whether an item is JSON is for whoever decodes it, so that a bad
 * one does not take the rest with it. Blanks and a byte order mark may come before the array.
 */
export class JsonItems {
  #place: Place = "start"
  #depth = 0
  #isText = false
  #isEscaped = false
  #at = 0
  #number = 0
  #itemAt = 0
  #parts: Array<Buffer> = []
  #length = 0

  /** The items that these bytes complete. */
  push(bytes: Uint8Array): { readonly items: ReadonlyArray<JsonItem>; readonly fault: JsonFault | undefined } {
    const items: Array<JsonItem> = []
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let from = this.#place === "item" ? 0 : -1
    for (let index = 0; index < buffer.length; index++) {
      const byte = buffer[index] ?? 0
      if (this.#place === "item") {
        if (this.#step(byte)) continue
        // the comma or bracket after a plain value is not part of it
        this.#keep(buffer.subarray(from, index))
        items.push(this.#finished())
        from = -1
      }
      const fault = this.#between(byte, this.#at + index)
      if (fault !== undefined) return { items, fault: { at: this.#at + index, why: fault } }
      if (this.#place === "item") {
        from = index
        this.#step(byte)
      }
    }
    if (this.#place === "item" && from >= 0) this.#keep(buffer.subarray(from))
    this.#at += buffer.length
    return { items, fault: undefined }
  }

  /** What is missing when no more bytes come. */
  end(): { readonly rest: JsonItem | undefined; readonly fault: JsonFault | undefined } {
    if (this.#place === "end") return { rest: undefined, fault: undefined }
    const rest = this.#place === "item" ? this.#finished() : undefined
    const why = this.#place === "start" ? "it holds no array" : "its end is missing"
    return { rest, fault: { at: this.#at, why } }
  }

  /** Whether the byte belongs to the item. */
  #step(byte: number): boolean {
    if (this.#isText) {
      if (this.#isEscaped) this.#isEscaped = false
      else if (byte === code.backslash) this.#isEscaped = true
      else if (byte === code.quote) this.#isText = false
      return true
    }
    if (byte === code.quote) {
      this.#isText = true
      return true
    }
    if (byte === code.open || byte === code.openObject) {
      this.#depth++
      return true
    }
    if (byte === code.close || byte === code.closeObject) {
      if (this.#depth === 0) return false
      this.#depth--
      return true
    }
    return this.#depth > 0 || byte !== code.comma
  }

  /** What a byte outside of all items means; why it cannot stand there. */
  #between(byte: number, at: number): string | undefined {
    if (isBlank(byte)) return undefined
    switch (this.#place) {
      case "start":
        if (at < 3 && (byte === 0xef || byte === 0xbb || byte === 0xbf)) return undefined
        if (byte !== code.open) return "it holds no array"
        this.#place = "first"
        return undefined
      case "first":
      case "between":
        if (byte === code.close) {
          this.#place = "end"
          return undefined
        }
        if (this.#place === "between" && byte === code.comma) {
          this.#place = "first"
          return undefined
        }
        if (this.#place === "between") return "a comma is missing between two items"
        this.#place = "item"
        this.#itemAt = at
        this.#number++
        return undefined
      default:
        return "there is more after the end of its array"
    }
  }

  #keep(piece: Buffer): void {
    const room = longestItem - this.#length
    if (room > 0) this.#parts.push(Buffer.from(piece.subarray(0, room)))
    this.#length += piece.length
  }

  #finished(): JsonItem {
    const text = Buffer.concat(this.#parts).toString("utf8").trimEnd()
    const item = { number: this.#number, at: this.#itemAt, text, isCut: this.#length > longestItem }
    this.#parts = []
    this.#length = 0
    this.#depth = 0
    this.#place = "between"
    return item
  }
}
