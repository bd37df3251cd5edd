import { Schema } from "effect"
import { ConfigFile } from "./ConfigFile.ts"

/**
 * A JSON Schema (draft 2020-12) of `config.toml` for editors, made of the schema that decodes the file. It is a little
 * looser than the decoder, which also checks addresses, time zones and keys that exclude each other.
 */
export const jsonSchema = (): { readonly [key: string]: unknown } => {
  const { definitions, schema } = Schema.toJsonSchemaDocument(ConfigFile, { onExcessProperty: "error" })
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Glider's config.toml",
    ...schema,
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions })
  }
}
