using EnterprisePortal.ServiceDefaults;

namespace EnterprisePortal.Audit;

/// <summary>For operators: <c>dotnet run --project services/Audit -- verify</c> or <c>archive</c>, with the owner's connection string and
/// the service's settings.</summary>
static class Commands
{
    public static async Task<int> Run(WebApplicationBuilder builder, string command)
    {
        if (builder.Configuration.GetConnectionString("audit") is null)
            builder.Configuration.AddInMemoryCollection(LocalRun.Settings());
        if (builder.Configuration.GetConnectionString("audit") is null)
        {
            await Console.Error.WriteLineAsync(
                "Set ConnectionStrings__audit, Audit__SigningKey and Audit__HeadsFolder, or start ./run.sh and run this beside it.");
            return 1;
        }
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource("audit");
        await using var app = builder.Build();
        if (command == "verify")
            return await app.Services.GetRequiredService<VerifyChain>().Run(CancellationToken.None);
        var months = await app.Services.GetRequiredService<ArchiveMonths>().Run(CancellationToken.None);
        Console.WriteLine(months.Count == 0
            ? "No month is past its retention, or Audit__ArchiveFolder is not set."
            : $"Archived: {string.Join(", ", months.Select(month => $"{month:yyyy-MM}"))}");
        return 0;
    }
}
