// The texts of an SVG that are hard to read: their words, contrast and colors.
// axe-core passes over text in SVG, so this does WCAG 2's sum (1.4.3) by itself: the fill of
// each text against the topmost filled shape under it, at three points of its line.
svg => {
  const rgba = color => {
    const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = (top, opacity, under) => {
    const a = top[3] * opacity;
    return [0, 1, 2].map(i => a * top[i] + (1 - a) * under[i]).concat(1);
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(c => c / 255).map(
      c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ratio = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((p, q) => q - p);
    return (high + 0.05) / (low + 0.05);
  };
  const opacity = element => {
    let product = Number(getComputedStyle(element).fillOpacity);
    for (let e = element; e !== svg; e = e.parentElement)
      product *= Number(getComputedStyle(e).opacity);
    return product;
  };
  const page = () => {
    for (let e = svg; e; e = e.parentElement) {
      const color = rgba(getComputedStyle(e).backgroundColor);
      if (color[3] === 1) return color;
    }
    return [255, 255, 255, 1];
  };
  const everything = [...svg.querySelectorAll('rect, circle, ellipse, path, polygon, text')]
    .filter(e => !e.closest('defs'));
  const behind = (text, point) => {
    let color = page();
    for (const shape of everything.slice(0, everything.indexOf(text))) {
      const fill = getComputedStyle(shape).fill;
      if (shape.tagName === 'text' || !fill.startsWith('rgb')) continue;
      const local = point.matrixTransform(shape.getScreenCTM().inverse());
      if (shape.isPointInFill(local)) color = over(rgba(fill), opacity(shape), color);
    }
    return color;
  };
  const found = [];
  for (const text of everything.filter(e => e.tagName === 'text')) {
    if (!text.textContent.trim()) continue;
    const {x, y, width, height} = text.getBBox(), style = getComputedStyle(text);
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    const needed = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
    const worst = [0.1, 0.5, 0.9].map(share => {
      const point = new DOMPoint(x + share * width, y + height / 2)
        .matrixTransform(text.getScreenCTM());
      const ground = behind(text, point);
      const ink = over(rgba(style.fill), opacity(text), ground);
      return {contrast: ratio(ink, ground), ink: ink.join(), ground: ground.join()};
    }).sort((a, b) => a.contrast - b.contrast)[0];
    if (worst.contrast < needed) found.push(
      `${text.textContent}: ${worst.contrast.toFixed(2)}, ${worst.ink} on ${worst.ground}`);
  }
  return found;
}
