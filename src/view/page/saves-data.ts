/** Whether the visitor asks for few bytes, in the browser's settings or by a mode that saves data. */
export function savesData (): boolean {
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } }
  return connection?.saveData === true || matchMedia('(prefers-reduced-data: reduce)').matches
}
