/** Decodes a percent-encoded text. One that cannot be decoded stays as it is. */
export function percentDecoded (text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
