using EnterprisePortal.ServiceDefaults.Database;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports;

public sealed class ReportsDb(DbContextOptions<ReportsDb> options) : ServiceDb(options)
{
    public DbSet<ReportRun> Runs => Set<ReportRun>();
    public DbSet<RunAccount> RunAccounts => Set<RunAccount>();
    public DbSet<FilePart> FileParts => Set<FilePart>();
    public DbSet<Schedule> Schedules => Set<Schedule>();
    public DbSet<PortalUser> Users => Set<PortalUser>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<ReportRun>(run =>
        {
            run.ToTable("report_run").HasKey(row => row.Id);
            run.Property(row => row.Parameters).HasColumnType("jsonb");
            run.HasMany(row => row.Accounts).WithOne().HasForeignKey(row => row.RunId);
        });
        modelBuilder.Entity<RunAccount>(account =>
        {
            account.ToTable("report_run_account").HasKey(row => new { row.RunId, row.Account });
            account.Property(row => row.File).HasColumnType("jsonb");
        });
        modelBuilder.Entity<FilePart>().ToTable("report_file_part").HasKey(row => new { row.RunId, row.Account, row.Number });
        modelBuilder.Entity<Schedule>(schedule =>
        {
            schedule.ToTable("report_schedule").HasKey(row => row.Id);
            schedule.Property(row => row.Parameters).HasColumnType("jsonb");
        });
        modelBuilder.Entity<PortalUser>().ToTable("portal_user").HasKey(row => row.Id);
    }
}

/// <summary>A report for every account that its requester reached when it was started.</summary>
public sealed class ReportRun
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Report { get; init; }

    /// <summary>JSON of <c>ReportParameters</c>.</summary>
    public required string Parameters { get; init; }
    public Guid ById { get; init; }
    public required string ByName { get; init; }
    public required string ByLevel { get; init; }
    public Guid GroupId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Accounts that have not answered by then are failed by name, so that a run always ends.</summary>
    public DateTimeOffset Deadline { get; set; }

    /// <summary>Who is told by e-mail when it is finished: the owner of the schedule that started it.</summary>
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

    /// <summary>JSON of the Account API's <c>ReportFile</c>, once ready.</summary>
    public string? File { get; set; }
    public DateTimeOffset ChangedAt { get; set; }
}

public sealed class FilePart
{
    public Guid RunId { get; init; }
    public required string Account { get; init; }
    public int Number { get; init; }
    public required byte[] Data { get; set; }
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

/// <summary>A report that runs by itself each week or month, for the days before, with the rights its owner has then.</summary>
public sealed class Schedule
{
    public const string Week = "week", Month = "month";

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Report { get; init; }

    /// <summary>JSON of <c>ReportParameters</c>; the dates are filled in at each run.</summary>
    public required string Parameters { get; init; }
    public required string Every { get; init; }

    /// <summary>IANA name: when the week or month ends.</summary>
    public required string TimeZone { get; init; }
    public Guid ById { get; init; }
    public required string ByName { get; init; }
    public required string ByEmail { get; init; }
    public required string ByLevel { get; init; }
    public Guid GroupId { get; init; }
    public DateTimeOffset NextRun { get; set; }

    /// <summary>Why the last one did not start, in words.</summary>
    public string? Problem { get; set; }
}
