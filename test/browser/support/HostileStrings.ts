/** Two hundred texts that do harm where a page takes text for something else. Each would set `window.__ran`. */

const ran = "window.__ran=1"

const tags = [
  `<script>${ran}</script>`,
  `<SCRIPT>${ran}</SCRIPT>`,
  `<script src="data:text/javascript,${ran}"></script>`,
  `<script type="module">${ran}</script>`,
  `</script><script>${ran}</script>`,
  `</title><script>${ran}</script>`,
  `</style><script>${ran}</script>`,
  `</textarea><script>${ran}</script>`,
  `</svg><script>${ran}</script>`,
  `</foreignObject></svg><img src=x onerror=${ran}>`,
  `--><script>${ran}</script><!--`,
  `<!--<script>${ran}</script>-->`,
  `]]><script>${ran}</script>`,
  `<![CDATA[<script>${ran}</script>]]>`,
  `<scr<script>ipt>${ran}</scr</script>ipt>`,
  `<script\n>${ran}</script\n>`,
  `<script/x>${ran}</script>`,
  `<svg><script>${ran}</script></svg>`,
  `<svg><script xlink:href="data:,${ran}"/></svg>`,
  `<math><mtext><script>${ran}</script></mtext></math>`,
  `<noscript><p title="</noscript><script>${ran}</script>"></noscript>`,
  `<template><script>${ran}</script></template>`,
  `<xmp><script>${ran}</script></xmp>`,
  `<plaintext>`,
  `<base href="https://evil.example/">`,
  `<meta http-equiv="refresh" content="0;url=javascript:${ran}">`,
  `<link rel="stylesheet" href="https://evil.example/x.css">`,
  `<iframe srcdoc="<script>parent.__ran=1</script>"></iframe>`,
  `<iframe src="javascript:parent.__ran=1"></iframe>`,
  `<object data="javascript:${ran}"></object>`,
  `<embed src="javascript:${ran}">`,
  `<form action="javascript:${ran}"><button>x</button></form>`,
  `<style>@import "https://evil.example/x.css";</style>`,
  `<style>*{display:none!important}</style>`
]

const handlers = [
  ["img src=x", "onerror"],
  ["img/src=x", "onerror"],
  ["svg", "onload"],
  ["body", "onload"],
  ["iframe", "onload"],
  ["input autofocus", "onfocus"],
  ["select autofocus", "onfocus"],
  ["textarea autofocus", "onfocus"],
  ["video src=x", "onerror"],
  ["audio src=x", "onerror"],
  ["video><source", "onerror"],
  ["details open", "ontoggle"],
  ["marquee", "onstart"],
  ["div popover id=hostile", "onbeforetoggle"],
  ["a href=# autofocus", "onfocusin"],
  ["p style=animation:x", "onanimationstart"],
  ["p style=transition:all", "ontransitionend"],
  ["b", "onpointerenter"],
  ["b", "onmouseover"],
  ["b", "onclick"],
  ["svg><animate attributeName=x dur=1s", "onbegin"],
  ["svg><image href=x", "onerror"],
  ["object data=x", "onerror"],
  ["link rel=stylesheet href=x", "onerror"],
  ["style", "onload"]
].map(([tag, name]) => `<${tag} ${name}=${ran}>`)

const escapes = [
  "\"",
  "'",
  "\"'",
  "\"'>",
  "\">",
  "'>",
  "`>",
  "/>",
  "\" />",
  "\"></a>",
  "\"></button>",
  "</option></select>"
].map((end) => `${end}<img src=x onerror=${ran}>`)

const attributes = [
  `" onmouseover="${ran}`,
  `' onmouseover='${ran}`,
  `" onfocus="${ran}" autofocus="`,
  `" autofocus onfocus=${ran} x="`,
  `x" style="position:fixed;inset:0;background:red" x="`,
  `x" class="hidden`,
  `" popovertarget="x" onclick="${ran}`,
  `" formaction="javascript:${ran}`,
  `"=""onload=${ran}`,
  `\u0000" onerror="${ran}`
]

const addresses = [
  `javascript:${ran}`,
  `JaVaScRiPt:${ran}`,
  ` javascript:${ran}`,
  `\u0001javascript:${ran}`,
  `java\tscript:${ran}`,
  `java\nscript:${ran}`,
  `javascript&colon;${ran}`,
  `&#106;avascript:${ran}`,
  `data:text/html,<script>${ran}</script>`,
  `data:text/html;base64,PHNjcmlwdD53aW5kb3cuX19yYW49MTwvc2NyaXB0Pg==`,
  `vbscript:${ran}`,
  `blob:https://evil.example/x`,
  `//evil.example/x`,
  `\\\\evil.example\\x`,
  `https://evil.example/"onclick="${ran}`,
  `https://evil.example/'><script>${ran}</script>`,
  `https://user:password@evil.example/`,
  `file:///etc/passwd`,
  `/sign-out`,
  `../../../../etc/passwd`
]

const templates = [
  `{{constructor.constructor('${ran}')()}}`,
  `{{7*7}}`,
  `{%25 raw %25}`,
  "${" + ran + "}",
  "`${" + ran + "}`",
  `#{${ran}}`,
  `<%= ${ran} %>`,
  `[[${ran}]]`,
  `@(${ran})`,
  `<div v-html="'<img src=x onerror=${ran}>'">`,
  `<div ng-app ng-init="constructor.constructor('${ran}')()">`,
  `<div x-init="${ran}">`,
  `<div data-live id="week" data-series>`,
  `<a data-key="t" href="javascript:${ran}">`,
  ..."__proto__ constructor toString null undefined NaN".split(" "),
  `[object Object]`,
  `$1 $& $\``,
  `%s %d %n %x`,
  `%3Cscript%3E${ran}%3C/script%3E`
]

const languages = [
  `"; REMOVE TABLE run; --`,
  `' OR true --`,
  `$connection`,
  `type::record('run', 1)`,
  "`id`",
  `"};${ran};{"`,
  `';${ran};'`,
  `\\";${ran};//`,
  `*/${ran}/*`,
  `\u2028${ran}`,
  `}</style><script>${ran}</script>`,
  `expression(${ran})`,
  `url(javascript:${ran})`,
  `red;background:url(https://evil.example/x)`,
  `;}*{color:red`,
  `\\3c script\\3e`
]

const texts = [
  `[x](javascript:${ran})`,
  `![x](https://evil.example/x.png)`,
  `<javascript:${ran}>`,
  "```\n</code></pre><script>" + ran + "</script>\n```",
  `# heading\n* list\n> quote`,
  `| a | b |\n|---|---|\n| <script>${ran}</script> | x |`,
  "BEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR",
  "x\r\nATTENDEE:mailto:x@evil.example",
  `Set-Cookie: a=b\r\n\r\n<script>${ran}</script>`,
  `=HYPERLINK("https://evil.example")`,
  `@SUM(1+1)*cmd|' /C calc'!A0`,
  "\u001b[31mred\u001b[0m",
  "\u0007\u0008\u007f",
  `a\tb\nc\r\nd`
]

const entities = [
  `&lt;script&gt;${ran}&lt;/script&gt;`,
  `&#60;script&#62;${ran}&#60;/script&#62;`,
  `&amp;lt;script&amp;gt;`,
  `&quot;onerror=${ran}`,
  `&NewLine;&Tab;&nbsp;`,
  `&#0;&#x110000;&bogus;`,
  `&copy&copy;&notit;`,
  ..."AT&T & < > <> </ <!".split(" "),
  `<?xml version="1.0"?>`
]

const unicode = [
  "\u202egnp.exe\u202c",
  "\u202e\u202e\u202e",
  "\u2066left\u2069",
  "\u2067\u2067\u2067isolated",
  "\u061c\u200f\u200e",
  "zero\u200bwidth\u200cjoin\u200der",
  "\u200b",
  "\ufeffbom",
  "\u00ad".repeat(40),
  "مرحبا بالعالم",
  "שלום עולם",
  "مرحبا <b>world</b> שלום",
  "👩‍👩‍👧‍👦👨🏿‍🚀🏳️‍🌈",
  "🇨🇿🇪🇺".repeat(10),
  `e${"\u0301".repeat(60)}`,
  "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
  "\u0627\u0644\u0644\u0651\u0647",
  "\u1160\u115f\u3164",
  "ﷺ﷽",
  "ＦＵＬＬＷＩＤＴＨ＜script＞",
  "ʼscriptʼ ‹script›",
  "\u{1f4a9}\u{10ffff}",
  "\uffff\ufffe",
  "\u0000",
  "a\u0000b",
  "𝕬𝖑𝖊𝖗𝖙",
  "\u3164",
  "꧁꧂𒐫𒐫𒐫"
]

const sizes = [
  "W".repeat(300),
  "x".repeat(3000),
  "word ".repeat(500),
  "\n".repeat(200),
  "😀".repeat(300),
  "漢".repeat(500),
  "https://example.com/" + "a".repeat(500),
  `<b>`.repeat(300),
  "   leading and trailing   ",
  "-".repeat(400),
  ".".repeat(400)
]

/** All of them, each once. */
export const hostileStrings: ReadonlyArray<string> = [
  ...tags,
  ...handlers,
  ...escapes,
  ...attributes,
  ...addresses,
  ...templates,
  ...languages,
  ...texts,
  ...entities,
  ...unicode,
  ...sizes
]
