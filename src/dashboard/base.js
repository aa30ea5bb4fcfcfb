// At a proxy's path without its last slash, such as /cams, relative addresses would lead to the root. The page requests this file as
// `?base.js`, which keeps the path.
{
  const { pathname } = window.location
  if (!/\/(index\.html)?$/.test(pathname)) {
    const base = document.createElement('base')
    base.href = `${pathname}/`
    document.head.prepend(base)
  }
}
