// How a report looks: light and dark by what the reader's system prefers, light on paper; a phone's width without a table that
// bursts it. One style sheet, in the file, whose hash is all that its content policy allows.

import { createHash } from 'node:crypto'
import { EVENT_TYPES } from '../../model/event.js'
import { LOOKS } from '../looks.js'

const kinds = (): string =>
  EVENT_TYPES.map(type => {
    const { colour } = LOOKS[type]
    return `.k-${type}{--k:${colour}}`
  }).join('')

const LIGHT = `--paper:#fff;--panel:#f6f7f9;--ink:#17212b;--soft:#566472;--line:#d5dbe1;--accent:#0b5cad;--bad:#c4202b;--good:#2c7a4b;
--sea:#dbe8f1;--land:#f3efe4;--shore:#a99f86;--border:#6f8ea5;--grid:#b9cbd8;--zone:#5b7a91;--halo:#ffffffd0;--track:#111;--reach:#d1242f`
const DARK = `--paper:#10161d;--panel:#18212b;--ink:#e3e9ef;--soft:#9fb0bf;--line:#2c3946;--accent:#7db7f5;--bad:#ff7b83;--good:#71c893;
--sea:#13212e;--land:#2a2f33;--shore:#59636b;--border:#5c7c94;--grid:#213343;--zone:#88a6bd;--halo:#10161dd0;--track:#f2f4f6;--reach:#ff6b74`

export const styleSheet = (): string => `
:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:64rem;padding:1rem 1.25rem 3rem;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0 .25rem}
h2{font-size:1.25rem;margin:2.2rem 0 .6rem;padding-bottom:.25rem;border-bottom:2px solid var(--line)}
h3{font-size:1.1rem;margin:0}
h4{font-size:1rem;margin:1.1rem 0 .3rem}
h5{font-size:.85rem;margin:.8rem 0 .2rem;color:var(--soft);font-weight:600}
p{margin:.4rem 0}
a{color:var(--accent)}
.soft{color:var(--soft)}
.small{font-size:.85rem}
.facts{display:flex;flex-wrap:wrap;gap:.5rem;margin:1rem 0;padding:0;list-style:none}
.facts li{flex:1 1 8rem;background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .75rem}
.facts b{display:block;font-size:1.4rem;line-height:1.2}
.wide{overflow-x:auto;margin:.5rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);overflow-wrap:break-word}
th{color:var(--soft);font-weight:600;white-space:nowrap}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
td.w{min-width:16rem;overflow-wrap:anywhere}
td.who{min-width:8rem;overflow-wrap:anywhere}
td.k{min-width:10rem}
td.t{white-space:nowrap}
figure{margin:.75rem 0}
figcaption{font-size:.85rem;color:var(--soft)}
svg{display:block;max-width:100%;height:auto}
svg text{font-family:inherit;fill:var(--ink)}
.map{width:100%;border:1px solid var(--line);border-radius:.35rem}
.sea{fill:var(--sea)}
.land{fill:var(--land);stroke:var(--shore);stroke-width:.7;fill-rule:evenodd}
.border{fill:none;stroke:var(--border);stroke-width:1;stroke-dasharray:2 4;fill-rule:evenodd}
.grid path{stroke:var(--grid);stroke-width:.6;fill:none}
.grid text{font-size:10px;fill:var(--soft)}
.zone{font-size:13px;letter-spacing:.06em}
svg .zone{fill:var(--zone)}
.name{font-size:12px;font-weight:600;paint-order:stroke;stroke:var(--halo);stroke-width:3px;stroke-linejoin:round}
.scale path{fill:none;stroke:var(--ink);stroke-width:1.5}
.scale text{font-size:11px}
.reach{fill:var(--reach);fill-opacity:.09;stroke:var(--reach);stroke-opacity:.5;stroke-width:1;fill-rule:evenodd}
.look{fill:none;stroke:var(--accent);stroke-width:1.4;stroke-dasharray:7 3}
.track{fill:none;stroke:var(--track);stroke-width:1.6;stroke-linejoin:round}
.line{fill:none;stroke:var(--k);stroke-width:2.2;stroke-dasharray:6 5}
.mark{fill:var(--k);stroke:var(--ink);stroke-width:1}
.s-hollow-diamond{fill:var(--halo);stroke:var(--k);stroke-width:2.4}
.s-cross{fill:none;stroke:var(--k);stroke-width:2.6}
.on{fill:var(--paper);stroke:var(--k);stroke-width:2.2}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:0;margin:.4rem 0;list-style:none;font-size:.85rem}
.legend li{display:flex;align-items:center;gap:.35rem}
.legend svg{flex:none}
.timeline{min-width:44rem;width:100%}
.timeline text{font-size:11.5px}
.ticks path,.rule{stroke:var(--line);stroke-width:1;fill:none}
.ticks text{fill:var(--soft)}
.count{fill:var(--soft)}
.bar{fill:var(--k)}
.bar.open{fill-opacity:.75;stroke:var(--k);stroke-dasharray:3 2}
.band{fill:var(--soft);fill-opacity:.18}
.card{border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1.1rem;margin:1rem 0;background:var(--paper)}
.card>header{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:baseline;justify-content:space-between}
.rank{display:inline-block;min-width:1.8em;text-align:center;background:var(--ink);color:var(--paper);border-radius:.35rem;padding:0 .35rem;margin-right:.35rem}
.score{font-weight:600;white-space:nowrap}
.event{border-top:1px solid var(--line);margin-top:.9rem;padding-top:.1rem}
.event h4 svg{display:inline-block;vertical-align:-.2em;margin-right:.3rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .9rem;margin:.4rem 0;font-size:.92rem}
dt{color:var(--soft)}
dd{margin:0}
.story{margin:.5rem 0;padding-left:1.3rem}
.scale-bar rect{fill:var(--good)}
.scale-bar .against{fill:var(--bad)}
.scale-bar path{stroke:var(--line)}
.note{background:var(--panel);border-left:4px solid var(--accent);padding:.5rem .9rem;margin:1rem 0}
details>summary{cursor:pointer;font-weight:600}
@media (max-width:36rem){body{padding:.75rem .75rem 2rem;font-size:16px}dl{grid-template-columns:1fr}dd{margin-bottom:.3rem}td.w{min-width:11rem}.card{padding:.7rem .75rem}.name{font-size:19px}.zone{font-size:18px}.grid text,.scale text{font-size:16px}.over .name,.over .zone{font-size:27px}.over .grid text,.over .scale text{font-size:23px}.reasons{min-width:33rem}}
@media print{@page{size:A4;margin:14mm 13mm}body{max-width:none;padding:0;font-size:10.5pt}a{color:inherit;text-decoration:none}.wide{overflow:visible}.timeline{min-width:0}.card{border:0;border-top:2px solid var(--ink);border-radius:0;padding:.5rem 0}.story li,tr,figure,.facts,.note{break-inside:avoid}h2,h3,h4,h5,header{break-after:avoid}details::details-content{content-visibility:visible;height:auto;overflow:visible}summary{list-style:none}#events~details table{font-size:8pt}.map{width:auto;max-height:105mm;margin:0 auto}.card>header+p{break-after:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
${kinds()}
`

/** What the file may do: show itself, in its own style. No script, no request, no form. */
export const policyFor = (style: string): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style, 'utf8').digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
