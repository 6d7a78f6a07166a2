// The part of the address that names a moment and a track: #t=12.4&id=7.

export function readAddress(hash) {
  const parameters = new URLSearchParams(hash.slice(1));
  const number = (name) => {
    const text = parameters.get(name);
    const value = text === null || text === "" ? NaN : Number(text);
    return Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  return { time: number("t"), id: number("id") };
}

export function writeAddress(time, id) {
  return `#t=${Number(time.toFixed(3))}` + (id === undefined ? "" : `&id=${id}`);
}
