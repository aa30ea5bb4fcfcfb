// cameras.yaml in the clone is an example, and becomes part of the package and of the image. People write their own cameras into it, with passwords.

/** Why a registry is not for everybody to read; undefined for an example. */
export function whyPrivate (/** @type {Pick<import('../config/registry.js').Registry, 'cameras' | 'server' | 'notify'>} */ { cameras, server, notify }) {
  const own = cameras.find(({ source }) => source.type !== 'simulated')
  if (own) return `has a camera of yours (${own.id})`
  if (typeof server.auth === 'object') return 'says who may come in (server.auth)'
  return notify.length > 0 ? 'has receivers of notifications (notify)' : undefined
}
