export interface Grid { readonly columns: number, readonly rows: number }

/** The grid in which so many tiles of this shape (width by height) are largest, in a box of this size. Of equals, the one with fewer rows. */
export function gridFor (count: number, box: { readonly width: number, readonly height: number }, aspect: number): Grid {
  let best: Grid & { readonly tileWidth: number } = { columns: 1, rows: Math.max(1, count), tileWidth: 0 }
  for (let rows = 1; rows <= count; rows++) {
    const columns = Math.ceil(count / rows)
    const tileWidth = Math.min(box.width / columns, box.height / rows * aspect)
    if (tileWidth > best.tileWidth) best = { columns, rows: Math.ceil(count / columns), tileWidth }
  }
  return { columns: best.columns, rows: best.rows }
}
