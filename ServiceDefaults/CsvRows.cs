using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace EnterprisePortal.ServiceDefaults;

/// <summary>
/// How CSV leaves the portal: UTF-8, comma, CRLF, one header row, streamed as it is made. A text that a spreadsheet would take for a
/// formula gets an apostrophe: <c>=cmd|…</c> must stay a text. https://owasp.org/www-community/attacks/CSV_Injection
/// </summary>
/// <param name="forSpreadsheets">With a byte order mark, without which Excel shows <c>MuÃ±oz</c> after a double click.</param>
public sealed class CsvRows(Stream body, bool forSpreadsheets = false) : IAsyncDisposable
{
    readonly CsvWriter csv = new(
        new StreamWriter(body, new UTF8Encoding(forSpreadsheets), leaveOpen: true),
        new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n" });

    /// <summary>Texts, each made harmless.</summary>
    public Task Write(params IEnumerable<string?> fields)
    {
        foreach (var field in fields)
            csv.WriteField(Harmless(field));
        return csv.NextRecordAsync();
    }

    /// <summary>Writes fields unchanged: numbers and dates, or texts that already went through <see cref="Harmless"/>.</summary>
    public Task WriteExactly(params IEnumerable<string?> fields)
    {
        foreach (var field in fields)
            csv.WriteField(field);
        return csv.NextRecordAsync();
    }

    /// <summary>Flushes to the stream, so that its length is the size so far.</summary>
    public Task Flush() => csv.FlushAsync();

    /// <summary>A plus followed by digits only is a phone number: no spreadsheet calculates with it.</summary>
    public static string? Harmless(string? text) =>
        text is ['+', _, ..] && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0 ? text
        : text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠', ..] ? "'" + text : text;

    /// <summary><c>2026-11-01T08:00:00.0000000Z</c></summary>
    public static string? Moment(DateTimeOffset? at) => at?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync() => csv.DisposeAsync();
}
