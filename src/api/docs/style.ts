import { Html } from './html.js';

/** Of the pages under /docs. Both schemes hold a contrast of 4.5 to 1 (test/api/openapi.test.ts). */
export const COLOURS = {
  light: { paper: '#ffffff', panel: '#f4f5f7', ink: '#1b1f24', soft: '#545d68', line: '#d5d9df', link: '#0a58b8', mark: '#8a3b00' },
  dark: { paper: '#14171b', panel: '#1d2126', ink: '#e6e8eb', soft: '#a3acb8', line: '#363c44', link: '#7cb7ff', mark: '#ffb27a' },
} as const;

const variables = (colours: Readonly<Record<string, string>>): string =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

const CSS = `
:root{color-scheme:light dark;${variables(COLOURS.light)}}
@media (prefers-color-scheme:dark){:root{${variables(COLOURS.dark)}}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem 1rem;z-index:1}
header{display:flex;flex-wrap:wrap;gap:0 2rem;align-items:baseline;padding:.6rem 1.5rem;border-bottom:1px solid var(--line)}
header p{margin:.2rem 0}header p a{margin-right:1rem}
.brand a{font-weight:700;font-size:1.15rem;color:var(--ink);text-decoration:none}
.column main{max-width:60rem;margin:0 auto}
main{padding:1.5rem;min-width:0}
main:focus{outline:none}
nav{padding:1rem 1.5rem;background:var(--panel);border-bottom:1px solid var(--line);max-height:16rem;overflow:auto;font-size:.9rem}
nav h2{font-size:.8rem;margin:1rem 0 .2rem;color:var(--soft);letter-spacing:.06em;text-transform:uppercase}
nav h2:first-child{margin-top:0}
nav ul{list-style:none;margin:0;padding:0}
nav li a{display:block;padding:.25rem 0;text-decoration:none}
nav li a:hover{text-decoration:underline}
@media (min-width:62rem){
.columns{display:grid;grid-template-columns:19rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;max-height:none;border-bottom:0;border-right:1px solid var(--line)}
main{padding:1.5rem 3rem;max-width:64rem}
}
h1{font-size:1.9rem;line-height:1.2;margin:.5rem 0 1rem}
h2{font-size:1.45rem;margin:3rem 0 .5rem}
h3{font-size:1.1rem;margin:1.5rem 0 .5rem}
h4{font-size:.95rem;margin:1.2rem 0 .4rem}
article{border-top:1px solid var(--line);padding:.2rem 0 1.2rem;margin-top:1.5rem}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875rem}
p code,li code,dd code,td code{overflow-wrap:anywhere}
pre{background:var(--panel);border:1px solid var(--line);border-radius:.4rem;padding:.8rem 1rem;overflow:auto;line-height:1.45;margin:.4rem 0}
.call{font-size:1rem;overflow-wrap:anywhere}
.method{display:inline-block;min-width:4.2rem;font-weight:700;color:var(--mark)}
.soft{color:var(--soft)}
.tag{display:inline-block;font-size:.78rem;color:var(--soft);border:1px solid var(--line);border-radius:.3rem;padding:0 .4rem;margin-right:.3rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--line)}
td p{margin:0 0 .3rem}
th[scope=row]{font-weight:400;white-space:nowrap}
dt{margin-top:1rem;overflow-wrap:anywhere}
dd{margin:.2rem 0 0}
dt:target,article:target,section:target>h2{box-shadow:-.5rem 0 0 var(--paper),-.75rem 0 0 var(--mark)}
summary{cursor:pointer;padding:.3rem 0}
@media (max-width:40rem){
main{padding:1rem}
table,tbody,tr,td,th[scope=row]{display:block;width:100%}
thead{position:absolute;left:-99rem}
tr{border-bottom:1px solid var(--line);padding:.4rem 0}
td,th[scope=row]{border:0;padding:.1rem 0;white-space:normal;overflow-wrap:anywhere}
}
`;

/** Put into the page unchanged: the hash of this very text stands in the page's policy. */
export const STYLE = new Html(CSS);
