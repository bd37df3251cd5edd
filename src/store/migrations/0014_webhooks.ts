import type { Migration } from "../Migration.ts"

/**
 * What is told to programs elsewhere, and what they tell. The id of a delivery is `[endpoint, event]`, that of a message
 * `[source, message]`.
 *
 * `place` ascends from the newest to the oldest. `queue` is the endpoint while a delivery waits for its turn, and `shelf` is endpoint and
 * status: each is the first column of an index, since a condition beside an index would be applied after its LIMIT.
 */
export const webhooks: Migration = {
  number: 14,
  name: "webhooks",
  statements: [
    "DEFINE TABLE IF NOT EXISTS webhook_outbox SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS endpoint ON webhook_outbox TYPE string",
    "DEFINE FIELD IF NOT EXISTS event ON webhook_outbox TYPE string",
    "DEFINE FIELD IF NOT EXISTS type ON webhook_outbox TYPE string",
    "DEFINE FIELD IF NOT EXISTS subject ON webhook_outbox TYPE string",
    "DEFINE FIELD IF NOT EXISTS at ON webhook_outbox TYPE int",
    "DEFINE FIELD IF NOT EXISTS data ON webhook_outbox TYPE string",
    "DEFINE FIELD IF NOT EXISTS status ON webhook_outbox TYPE 'pending' | 'published' | 'failed'",
    "DEFINE FIELD IF NOT EXISTS due ON webhook_outbox TYPE int",
    "DEFINE FIELD IF NOT EXISTS attempt_count ON webhook_outbox TYPE int",
    "DEFINE FIELD IF NOT EXISTS last_attempt_at ON webhook_outbox TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS published_at ON webhook_outbox TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS failed_at ON webhook_outbox TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS last_status ON webhook_outbox TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS last_error ON webhook_outbox TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS place ON webhook_outbox TYPE string",
    "DEFINE FIELD IF NOT EXISTS queue ON webhook_outbox TYPE option<string> " +
    "VALUE IF status = 'pending' { endpoint } ELSE { NONE }",
    "DEFINE FIELD IF NOT EXISTS shelf ON webhook_outbox TYPE string VALUE string::concat(endpoint, ' ', status)",
    "DEFINE FIELD IF NOT EXISTS age ON webhook_outbox TYPE option<int> " +
    "VALUE IF status = 'failed' { 0 - (failed_at ?? at) } ELSE { NONE }",
    "DEFINE FIELD IF NOT EXISTS key ON webhook_outbox TYPE string VALUE array::join(record::id(id), '/')",
    "DEFINE INDEX IF NOT EXISTS webhook_outbox_by_due ON webhook_outbox FIELDS queue, due",
    "DEFINE INDEX IF NOT EXISTS webhook_outbox_by_shelf ON webhook_outbox FIELDS shelf, place",
    "DEFINE INDEX IF NOT EXISTS webhook_outbox_by_endpoint ON webhook_outbox FIELDS endpoint, place",
    "DEFINE INDEX IF NOT EXISTS webhook_outbox_by_age ON webhook_outbox FIELDS age, key",
    "DEFINE INDEX IF NOT EXISTS webhook_outbox_by_published ON webhook_outbox FIELDS published_at",

    "DEFINE TABLE IF NOT EXISTS webhook_endpoint SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS disabled_at ON webhook_endpoint TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS disabled_why ON webhook_endpoint TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS held_until ON webhook_endpoint TYPE option<int>",
    "DEFINE FIELD IF NOT EXISTS lease_by ON webhook_endpoint TYPE option<string>",
    "DEFINE FIELD IF NOT EXISTS lease_until ON webhook_endpoint TYPE option<int>",

    "DEFINE TABLE IF NOT EXISTS webhook_inbox SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS run ON webhook_inbox TYPE string",
    "DEFINE FIELD IF NOT EXISTS received_at ON webhook_inbox TYPE int",
    "DEFINE FIELD IF NOT EXISTS status ON webhook_inbox TYPE 'pending' | 'processed'",
    "DEFINE FIELD IF NOT EXISTS processed_at ON webhook_inbox TYPE option<int>",
    "DEFINE INDEX IF NOT EXISTS webhook_inbox_by_age ON webhook_inbox FIELDS received_at",
    "DEFINE INDEX IF NOT EXISTS webhook_inbox_by_run ON webhook_inbox FIELDS run"
  ]
}
