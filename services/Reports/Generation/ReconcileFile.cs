using System.Globalization;
using System.IO.Pipelines;
using CsvHelper;
using CsvHelper.Configuration;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults.AccountApi;

namespace EnterprisePortal.Reports.Generation;

/// <summary>
/// Reads a report file once, in pieces, while adding it up: a file whose columns, row count or totals are not what the account said is refused
/// before it can enter a combined report.
/// </summary>
sealed class ReconcileFile(ReportFile file)
{
    const int Piece = 256 * 1024;

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> Read(Stream content, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var pipe = new Pipe();
        var adding = AddUp(pipe.Reader.AsStream(), cancel);
        var buffer = new byte[Piece];
        for (int length; (length = await content.ReadAtLeastAsync(buffer, Piece, throwOnEndOfStream: false, cancel)) > 0;)
        {
            await pipe.Writer.WriteAsync(buffer.AsMemory(0, length), cancel);
            yield return buffer.AsMemory(0, length);
        }
        await pipe.Writer.CompleteAsync();
        await adding;
    }

    async Task AddUp(Stream csv, CancellationToken cancel)
    {
        using var reader = new CsvReader(new StreamReader(csv), new CsvConfiguration(CultureInfo.InvariantCulture));
        var money = file.Columns.Where(column => column.Kind == "money").Select(column => column.Name).ToArray();
        var sums = money.ToDictionary(name => name, _ => 0m);
        var rows = 0;
        try
        {
            await reader.ReadAsync();
            reader.ReadHeader();
            if (!file.Columns.Select(column => column.Name).SequenceEqual(reader.HeaderRecord ?? []))
                throw new AccountUnavailable("The account's report has other columns than it says.");
            var sections = file.OutsideTotal.Count > 0;
            for (; await reader.ReadAsync(); rows++)
            {
                cancel.ThrowIfCancellationRequested();
                if (sections && file.OutsideTotal.Contains(reader.GetField("Section")))
                    continue;
                foreach (var name in money)
                    if (reader.GetField(name) is { Length: > 0 } amount)
                        sums[name] += decimal.Parse(amount, NumberStyles.Number, CultureInfo.InvariantCulture);
            }
        }
        catch (Exception e) when (e is CsvHelperException or FormatException)
        {
            throw new AccountUnavailable("The account's report is not a readable file.", e);
        }
        if (rows != file.Rows || file.Totals.Any(total => sums.GetValueOrDefault(total.Key) != total.Value))
            throw new AccountUnavailable("The account's report does not agree with its own totals.");
    }
}
