// A worker that fails in the middle of its work: once for each name `once`, else always; without either it answers.
addEventListener('message', async ({ data: { dies, once, index } }) => {
  const cache = once && (await caches.open('dying-worker'))
  const before = cache && (await cache.match(`/${once}`))
  if (cache) await cache.put(`/${once}`, new Response('died'))
  if (dies || (once && !before)) throw new Error('out of order')
  postMessage({ answer: { value: { index } } })
})
// what an async listener throws rejects a promise; a worker dies of what nobody catches
addEventListener('unhandledrejection', (event) => {
  event.preventDefault()
  setTimeout(() => {
    throw event.reason
  })
})
