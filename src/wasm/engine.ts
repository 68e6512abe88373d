/**
 * Whether the engine's compiler keeps the order of a long block of vector code: V8 since 13.5, told by its hosts' names and by what came
 * with it. Older V8 takes all loads of a block first and spills; SpiderMonkey is a tenth slower on such blocks, JavaScriptCore as fast.
 */
export function keepsBlockOrder(): boolean {
  return (
    'Float16Array' in globalThis &&
    /Chrome\/|Node\.js\/|Deno\/|Cloudflare-Workers/.test(globalThis.navigator?.userAgent ?? '')
  )
}
