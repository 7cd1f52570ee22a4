using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Reports.Files;
using EnterprisePortal.ServiceDefaults.AccountApi;

namespace EnterprisePortal.Reports.Generation;

/// <summary>
/// Reads a report file once, in pieces, and adds it up: a file whose columns, numbers, row count or totals differ from the account's
/// description is refused before it can enter a combined report.
/// </summary>
sealed class ReconcileFile(ReportFile file)
{
    // An account may put anything into a column that it calls a section.
    const int MostSections = 20, LongestSection = 100;
    readonly Dictionary<string, int> sections = [];

    /// <summary>Valid after reading: includes the rows of each section as counted here.</summary>
    public ReportFile Counted => file with { Sections = sections.Count > 0 ? sections : null };

    /// <summary>Whether the account's description of its file can be used at all.</summary>
    public static bool IsUsable(ReportFile file) =>
        file is { Columns.Count: > 0, Totals: not null, OutsideTotal: not null }
            && file.Columns.All(column => column is { Name: not null, Kind: not null })
        && file.Columns.DistinctBy(column => column.Name).Count() == file.Columns.Count
        // PostgreSQL cannot store this character.
        && !JsonSerializer.Serialize(file, JsonSerializerOptions.Web).Contains(@"\u0000", StringComparison.Ordinal);

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> Read(
        Stream content, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var pipe = new Pipe();
        var adding = AddUp(pipe.Reader.AsStream(), cancel);
        // A new buffer for each of thousands of files would be most of all allocations.
        var buffer = ArrayPool<byte>.Shared.Rent(ReportFiles.Piece);
        try
        {
            for (int length; (length = await content.ReadAtLeastAsync(
                buffer.AsMemory(0, ReportFiles.Piece), ReportFiles.Piece, throwOnEndOfStream: false, cancel)) > 0;)
            {
                await pipe.Writer.WriteAsync(buffer.AsMemory(0, length), cancel);
                yield return buffer.AsMemory(0, length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        await pipe.Writer.CompleteAsync();
        await adding;
    }

    async Task AddUp(Stream csv, CancellationToken cancel)
    {
        using var reader = new CsvReader(new StreamReader(csv), new CsvConfiguration(CultureInfo.InvariantCulture));
        var sums = new decimal[file.Columns.Count];
        var rows = 0;
        try
        {
            await reader.ReadAsync();
            reader.ReadHeader();
            if (!file.Columns.Select(column => column.Name).SequenceEqual(reader.HeaderRecord ?? []))
                throw new AccountUnavailable("The columns of the account's report differ from its description.");
            var section = file.Columns.Select(column => column.Name).ToList().IndexOf("Section");
            for (; await reader.ReadAsync(); rows++)
            {
                cancel.ThrowIfCancellationRequested();
                if (reader.Parser.Count != file.Columns.Count)
                    throw new AccountUnavailable($"Row {rows + 1} of the account's report has other columns than the first.");
                var counts = section < 0 || !file.OutsideTotal.Contains(reader.GetField(section));
                if (section >= 0)
                    Count(reader.GetField(section)!);
                for (var column = 0; column < sums.Length; column++)
                    if (file.Columns[column].Kind is "money" or "number" && reader.GetField(column) is { Length: > 0 } number)
                        sums[column] += decimal.Parse(number, NumberStyles.Number, CultureInfo.InvariantCulture) * (counts ? 1 : 0);
            }
        }
        catch (Exception e) when (e is CsvHelperException or FormatException or OverflowException)
        {
            throw new AccountUnavailable("The account's report is not a readable file.", e);
        }
        if (rows != file.Rows || file.Columns.Index()
            .Any(column => column.Item.Kind == "money"
                && (!file.Totals.TryGetValue(column.Item.Name, out var total) || total != sums[column.Index])))
            throw new AccountUnavailable("The account's report does not agree with its own totals.");
    }

    void Count(string section)
    {
        var mayBeOne = sections.Count < MostSections && section.Length is > 0 and <= LongestSection && !section.Any(char.IsControl);
        if (sections.TryGetValue(section, out var rows) || mayBeOne)
            sections[section] = rows + 1;
    }
}
