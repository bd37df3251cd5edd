/** A page as text. */
import type { VNode } from "preact"
import { renderToString } from "preact-render-to-string"

/** Whatever stands in the page is escaped by the renderer; nothing else makes text of pages. */
export const html = (page: VNode): string => `<!DOCTYPE html>${renderToString(page)}`
