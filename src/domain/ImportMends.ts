import type { Mend } from "./Mend.ts"

/** A file cannot be imported, or not to its end; each says itself what to do. */
export const ofImports = {
  ImportUnreachable: { what: "the file cannot be read", fix: "see that it is there and may be read", told: true },
  NotAnExport: {
    what: "the file is no export that is known here",
    fix: "see docs/imports.md for which there are",
    told: true
  },
  UnsafeArchive: {
    what: "the archive is none that an honest program makes",
    fix: "download it again from the provider",
    told: true
  },
  CalendarUnreachable: {
    what: "an address gives no calendar",
    fix: "see that the address is right, and import it again",
    told: true
  },
  ExportDamaged: { what: "it is not as it was written", fix: "download it again, and import that", told: true }
} as const satisfies { readonly [name: string]: Mend }
