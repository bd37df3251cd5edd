/** The library's calendar client, by its inner path. A module of its own, since a bundle loads CommonJS lazily without names. */
export { calendar } from "googleapis/build/src/apis/calendar/index.js"
