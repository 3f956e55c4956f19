// Names and values of a request or of an answer, as a table.

export function KeyValues({ entries }: { entries: ReadonlyArray<readonly [name: string, value: string]> }) {
  if (entries.length === 0) return null;
  return (
    <table className="kv">
      <tbody>
        {entries.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
