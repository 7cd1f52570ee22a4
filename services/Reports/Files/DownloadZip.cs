using System.Globalization;
using System.IO.Compression;
using System.Net.Mime;
using CsvHelper;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// Every released file in one ZIP, streamed; file names contain account, report, days and run, so that no unpacked file overwrites another.
/// </summary>
public static class DownloadZip
{
    public static void Map(RouteGroupBuilder runs) => runs.MapGet("/{id:guid}/files.zip", Handle).WithName(nameof(DownloadZip));

    static async Task<Results<PushStreamHttpResult, NotFound, ProblemHttpResult>> Handle(
        Guid id, ReleasedFiles released, ReportFiles files, DirectoryReplica directory, Person person, CancellationToken cancel)
    {
        if (await released.Of(id, person, directory.ReachOf(person), cancel) is not { } release)
            return TypedResults.NotFound();
        if (release.NothingToOpen() is { } why)
            return why;
        await released.Record(release, person, "ZIP", cancel);
        return StreamedBody.Of(async body =>
        {
            await using var zip = await ZipArchive.CreateAsync(
                body, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancel);
            foreach (var file in release.Files)
            {
                await using var entry = await zip.CreateEntry($"{release.FileName(file.Account)}.csv").OpenAsync(cancel);
                await Copy(files.Open(id, file.Account, cancel), file, entry, cancel);
            }
            if (release.Missing.Count == 0)
                return;
            await using var missing = new StreamWriter(await zip.CreateEntry($"{release.FileName()} not included.txt").OpenAsync(cancel));
            foreach (var account in release.Missing)
                await missing.WriteLineAsync($"{account.Account}: {account.Why}");
        }, MediaTypeNames.Application.Zip, $"{release.FileName()}.zip", cancel);
    }

    static async Task Copy(Stream kept, ReleasedFiles.File file, Stream entry, CancellationToken cancel)
    {
        using var rows = new CsvReader(new StreamReader(kept), CultureInfo.InvariantCulture);
        await using var csv = new CsvRows(entry, forSpreadsheets: true);
        await csv.Write(file.About.Columns.Select(column => column.Name));
        await rows.ReadAsync();
        while (await rows.ReadAsync())
        {
            cancel.ThrowIfCancellationRequested();
            await csv.WriteExactly(file.About.Columns.Select((column, at) => SpreadsheetSafe.Field(column, rows.GetField(at))));
        }
    }
}
