/** Rules of what a run says, wherever it is shown: answer, key figures, pictures, tables. */
export const CONTENT_STYLE = [
  `.kicker{font-size:13px;letter-spacing:.02em;color:var(--soft);margin:0 0 10px}`,
  `h1{font-size:38px;line-height:1.12;letter-spacing:-.015em;margin:0 0 10px;text-wrap:balance}`,
  `.question{font-size:17px;color:var(--soft);max-width:46em;margin:0}`,
  `.answer{margin:30px 0 34px;max-width:54em}.answer p{font:24px/1.42 "Iowan Old Style",Palatino,"Palatino Linotype",P052,Georgia,serif;margin:0 0 .62em;text-wrap:pretty}.answer b{font-weight:600}`,
  `.keys{display:grid;grid-template-columns:repeat(5,1fr);gap:20px 28px;margin:0 0 8px;padding:18px 0;border-top:1px solid var(--rule);border-bottom:1px solid var(--rule)}`,
  `.keys.many{grid-template-columns:repeat(6,1fr);column-gap:22px}.key dt{font-size:13px;line-height:1.3;color:var(--soft);min-height:2.6em;display:flex;align-items:flex-end}.key dd{margin:2px 0 6px;font-size:15px;white-space:nowrap}.key .range{white-space:normal;margin:0}.key dd b{font-size:29px;font-weight:600;letter-spacing:-.02em}.key small{font-size:13px;color:var(--soft);line-height:1.35;display:block}`,
  `.rng{display:block;width:100%;height:12px;margin-bottom:4px}.keysnote{margin:0 0 16px}`,
  `h2{font-size:24px;letter-spacing:-.01em;line-height:1.2;margin:56px 0 4px;padding-top:14px;border-top:2px solid var(--ink)}h2+p{margin:0 0 20px;color:var(--soft);max-width:46em}`,
  `.grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:44px 24px;align-items:start}figure{margin:0;min-width:0}figure.full{grid-column:1/-1}`,
  `figcaption h3{font-size:18px;line-height:1.28;margin:0 0 2px;letter-spacing:-.005em}figcaption p{margin:0 0 10px;font-size:14px;line-height:1.4;color:var(--soft);max-width:52em}`,
  `svg.gf{display:block;width:100%;height:auto;overflow:visible}svg.rng{height:12px}`,
  `.note{font-size:12.5px;line-height:1.42;color:var(--soft);margin:8px 0 0;max-width:58em}`,
  `details{margin-top:8px;font-size:13.5px}summary{cursor:pointer;color:var(--accent);padding:5px 0;width:max-content;max-width:100%}summary:focus-visible,a:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}`,
  `.scroll{overflow-x:auto;max-width:100%}table{border-collapse:collapse;font-size:13px;line-height:1.35;margin:4px 0;min-width:min(100%,420px);overflow-wrap:normal}caption{text-align:left;color:var(--soft);padding:0 0 6px;font-size:12.5px}`,
  `th,td{padding:4px 10px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--grid)}th:first-child,td:first-child{padding-left:0;text-align:left}th[scope=row]{font-weight:400;position:sticky;left:0;background:var(--paper)}thead th{vertical-align:bottom;font-weight:600;border-bottom:1px solid var(--rule)}thead th span{display:block;font-weight:400;color:var(--soft);font-size:12px}`,
  `.l{text-align:left}td.l{white-space:normal;min-width:9em;overflow-wrap:anywhere}.years table{font-size:14px;width:100%}.years td,.years th{padding:6px 10px}.years thead th{white-space:normal}`,
  `code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}pre{background:var(--card);border:1px solid var(--rule);padding:12px 14px;white-space:pre-wrap;overflow-wrap:anywhere;border-radius:4px}`,
  `#tip{position:fixed;z-index:9;max-width:340px;padding:6px 9px;border-radius:4px;background:var(--ink);color:var(--paper);font-size:12.5px;line-height:1.35;pointer-events:none}`,
  `.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}`,
].join("");

/** Rules of a report's page: one column of text, two of pictures where they fit, and print in one. */
export const PAGE_STYLE = [
  `*{box-sizing:border-box}html{color-scheme:light dark;-webkit-text-size-adjust:100%}`,
  CONTENT_STYLE,
  `body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}`,
  `main{max-width:1152px;margin:0 auto;padding:0 24px 64px}header{padding:40px 0 8px}`,
  `nav{font-size:14px;color:var(--soft);margin:0 0 8px}nav a{margin-right:18px;color:var(--accent);text-decoration:none;display:inline-block;padding:4px 0}nav a:hover{text-decoration:underline}`,
  `footer{margin-top:48px;font-size:12.5px;color:var(--soft)}`,
  `.v-n,.v-m,.v-w,.v-p{display:none!important}`,
  `@media (min-width:1180px){.half .v-m,.full .v-w{display:block!important}}`,
  `@media (min-width:640px) and (max-width:1179.98px){.v-m{display:block!important}.grid{grid-template-columns:minmax(0,1fr)}figure{max-width:640px}.keys,.keys.many{grid-template-columns:repeat(3,1fr)}}`,
  `@media (max-width:639.98px){.v-n{display:block!important}main{padding:0 16px 48px}header{padding:22px 0 4px}h1{font-size:29px}.question{font-size:15.5px}.answer{margin:20px 0 24px}.answer p{font-size:19px;line-height:1.4}.grid{grid-template-columns:minmax(0,1fr);gap:38px}figure{max-width:480px}.keys,.keys.many{grid-template-columns:1fr 1fr;gap:18px 20px}.key dd b{font-size:24px}.key dd{white-space:normal}h2{font-size:21px;margin-top:44px}.half,.full{grid-column:1}}`,
  `@media print{@page{size:A4;margin:12mm}body{font-size:10.5pt;background:#fff}main{max-width:none;padding:0;display:flex;flex-direction:column}main>section:not(.answer){order:2}main>#years{order:1}main>footer{order:3;margin-top:8mm}header{padding:0 0 2mm}.answer{margin:5mm 0}nav,details{display:none}.v-n,.v-m,.v-w,.v-p{display:none!important}.full .v-m,.half .v-n{display:block!important}.grid{grid-template-columns:repeat(2,minmax(0,1fr));gap:6mm 7mm}.half{grid-column:auto}.full{grid-column:1/-1}figure{break-inside:avoid;max-width:none}figcaption p{margin-bottom:2mm}.full svg.gf{max-width:125mm}.half svg.gf{max-width:90mm}.tall .v-m{display:none!important}.tall .v-p{display:block!important}.tall svg.gf{max-width:none;max-height:225mm}h2,h2+p{break-after:avoid}h2{margin-top:7mm}h2+p{margin-bottom:3mm}.answer p{font-size:14pt}.keys{grid-template-columns:repeat(5,1fr);break-inside:avoid}.keys.many{grid-template-columns:repeat(3,1fr)}.key dd b{font-size:15pt}tr{break-inside:avoid}.scroll{overflow:visible}.years table{break-inside:avoid;font-size:7.5pt}th[scope=row]{position:static;background:none}.years td,.years th{padding:2px 3px;white-space:normal}pre{white-space:pre-wrap}}`,
].join("");

/**
 * Shows the tooltip of the mark under the pointer at once and beside it: the page's only script. Without it a browser shows the
 * same texts after a while.
 */
export const PAGE_SCRIPT = `(()=>{const t=document.createElement("div");t.id="tip";t.hidden=true;t.setAttribute("aria-hidden","true");document.body.append(t);const hide=()=>{t.hidden=true};addEventListener("pointermove",(e)=>{const m=e.target instanceof Element?e.target.closest("svg.gf [data-tip],svg.gf rect,svg.gf circle"):null;const own=m&&[...m.children].find((c)=>c.tagName==="title");if(own){m.dataset.tip=own.textContent;own.remove()}const text=m&&m.dataset.tip;if(!text)return hide();t.textContent=text;t.hidden=false;const b=t.getBoundingClientRect();t.style.left=Math.max(4,Math.min(innerWidth-b.width-4,e.clientX+14))+"px";t.style.top=(e.clientY+18+b.height>innerHeight?e.clientY-b.height-10:e.clientY+18)+"px"});addEventListener("scroll",hide,{passive:true})})()`;
