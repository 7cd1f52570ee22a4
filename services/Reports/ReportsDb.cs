using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults.Database;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports;

public sealed class ReportsDb(DbContextOptions<ReportsDb> options) : ServiceDb(options)
{
    public DbSet<ReportRun> Runs => Set<ReportRun>();
    public DbSet<RunAccount> RunAccounts => Set<RunAccount>();
    public DbSet<CollectedFile> Files => Set<CollectedFile>();
    public DbSet<Schedule> Schedules => Set<Schedule>();
    public DbSet<PortalUser> Users => Set<PortalUser>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<ReportRun>(run =>
        {
            run.ToTable("report_run").HasKey(row => row.Id);
            run.Property(row => row.Parameters).HasColumnType("jsonb");
            run.Ignore(row => row.Asked).HasMany(row => row.Accounts).WithOne().HasForeignKey(row => row.RunId);
        });
        modelBuilder.Entity<RunAccount>(account =>
        {
            account.ToTable("report_run_account").HasKey(row => new { row.RunId, row.Account });
            account.Property(row => row.Sections).HasColumnType("jsonb");
            account.Property(row => row.Unknown).HasColumnType("jsonb");
        });
        modelBuilder.Entity<CollectedFile>(file =>
        {
            file.ToTable("report_file").HasKey(row => new { row.RunId, row.Account });
            file.Property(row => row.About).HasColumnType("jsonb");
        });
        modelBuilder.Entity<Schedule>(schedule =>
        {
            schedule.ToTable("report_schedule").HasKey(row => row.Id);
            schedule.Property(row => row.Parameters).HasColumnType("jsonb");
        });
        modelBuilder.Entity<PortalUser>().ToTable("portal_user").HasKey(row => row.Id);
    }
}

/// <summary>A report for every account in its requester's reach at the start.</summary>
public sealed class ReportRun
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Report { get; init; }

    /// <summary>JSON of <c>ReportParameters</c>.</summary>
    public required string Parameters { get; init; }

    public ReportParameters Asked => JsonSerializer.Deserialize<ReportParameters>(Parameters, JsonSerializerOptions.Web)!;
    public Guid ById { get; init; }
    public required string ByName { get; init; }
    public required string ByLevel { get; init; }
    public Guid GroupId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Accounts that have not answered by then fail by name, so that a run always ends.</summary>
    public DateTimeOffset Deadline { get; set; }

    /// <summary>Who gets an e-mail when it is finished: the owner of the schedule that started it.</summary>
    public string? MailTo { get; init; }
    public DateTimeOffset? CancelledAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public List<RunAccount> Accounts { get; init; } = [];
}

public sealed class RunAccount
{
    public const string Queued = "queued", Running = "running", Ready = "ready", Failed = "failed", Cancelled = "cancelled";
    public static readonly string[] Open = [Queued, Running];

    public Guid RunId { get; init; }
    public required string Account { get; init; }
    public string State { get; set; } = Queued;
    public string? Problem { get; set; }

    /// <summary>The account's background task, once started.</summary>
    public string? TaskId { get; set; }
    public int Polls { get; set; }

    /// <summary>Rows of its file, once ready.</summary>
    public int? Rows { get; set; }

    /// <summary>JSON: the number of rows in each section; null if the report has none.</summary>
    public string? Sections { get; set; }

    /// <summary>JSON: the requested names that this account does not have; null if it does not say.</summary>
    public string? Unknown { get; set; }
    public DateTimeOffset ChangedAt { get; set; }
}

/// <summary>The file collected from an account. Its content is stored separately, in pieces: <c>ReportFiles</c>.</summary>
public sealed class CollectedFile
{
    public Guid RunId { get; init; }
    public required string Account { get; init; }

    /// <summary>JSON of the Account API's <c>ReportFile</c>.</summary>
    public required string About { get; init; }
}

public sealed class PortalUser
{
    public Guid Id { get; init; }
    public long Version { get; set; }
    public required string Level { get; set; }
    public Guid GroupId { get; set; }
    public required string Status { get; set; }
    public string? StaffEmail { get; set; }
}

/// <summary>
/// A report that runs by itself each week or month, for dates relative to that day, with the rights its owner has at that time.
/// </summary>
public sealed class Schedule
{
    public const string Week = "week", Month = "month";

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Report { get; init; }

    /// <summary>JSON of <c>ReportParameters</c>; the dates are filled in at each run, as <see cref="Covers"/> says.</summary>
    public required string Parameters { get; set; }
    public required string Every { get; set; }

    /// <summary>1 (Monday) to 7 of the week, or 1 to 28 of the month.</summary>
    public int Day { get; set; }

    /// <summary>One of <c>ReportCatalogue.Coverings</c>.</summary>
    public required string Covers { get; set; }

    /// <summary>IANA name of the zone in which the day counts.</summary>
    public required string TimeZone { get; set; }

    /// <summary>The group whose accounts it covers: the owner's or one below it.</summary>
    public Guid ForGroupId { get; set; }
    public Guid ById { get; init; }
    public required string ByName { get; init; }
    public required string ByEmail { get; init; }
    public required string ByLevel { get; set; }
    public Guid GroupId { get; set; }
    public DateTimeOffset NextRun { get; set; }
    public DateTimeOffset? PausedAt { get; set; }
    public Guid? LastRunId { get; set; }
    public DateTimeOffset? LastRunAt { get; set; }

    /// <summary>Why the last run did not start, in words.</summary>
    public string? Problem { get; set; }
}
