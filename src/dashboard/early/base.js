// At a proxy's path without its last slash, such as /cams, relative addresses would lead to the root. Runs in index.html itself.
{
  const { pathname } = window.location
  if (!/\/(index\.html)?$/.test(pathname)) {
    const base = document.createElement('base')
    base.href = `${pathname}/`
    document.head.prepend(base)
  }
}
