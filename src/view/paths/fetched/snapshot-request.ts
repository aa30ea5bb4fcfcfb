const TIMEOUT_MS = 6_000

/** What a request for a snapshot brought. */
export type Answer =
  | { readonly kind: 'picture', readonly blob: Blob, readonly ageMs: number | undefined, readonly timestamp: string | null }
  /** camgate has no picture, or does not give it: a drawing of the reason. */
  | { readonly kind: 'refused', readonly status: number, readonly blob: Blob }
  /** The browser does not let this page read the answer, because the page is of another site. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'unreachable' }

export const isProofRefused = (answer: Answer): boolean => answer.kind === 'refused' && answer.status === 401

/** Asks for a snapshot, or with HEAD only for its age. */
export async function askForSnapshot (url: string, { token, method = 'GET' }: { readonly token?: string | undefined, readonly method?: 'GET' | 'HEAD' } = {}): Promise<Answer> {
  const ask = (options: RequestInit) => fetch(url, { method, cache: 'no-store', credentials: 'include', signal: AbortSignal.timeout(TIMEOUT_MS), ...options })
  try {
    const response = await ask({ headers: { Accept: 'image/jpeg', ...token !== undefined && { Authorization: `Bearer ${token}` } } })
    const blob = await response.blob()
    if (!response.ok) return { kind: 'refused', status: response.status, blob }
    const age = response.headers.get('X-Frame-Age')
    return { kind: 'picture', blob, ageMs: age === null ? undefined : Number(age), timestamp: response.headers.get('X-Timestamp') }
  } catch {
    return await ask({ method: 'HEAD', mode: 'no-cors' }).then(() => ({ kind: 'unreadable' }), () => ({ kind: 'unreachable' }))
  }
}
