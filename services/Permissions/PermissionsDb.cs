using EnterprisePortal.ServiceDefaults.Database;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Permissions;

public sealed class PermissionsDb(DbContextOptions<PermissionsDb> options) : ServiceDb(options)
{
    public DbSet<GroupRestriction> Restrictions => Set<GroupRestriction>();
    public DbSet<RestrictionHistory> History => Set<RestrictionHistory>();
    public DbSet<AccountSet> AccountSets => Set<AccountSet>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<GroupRestriction>().ToTable("restriction").HasKey(row => new { row.GroupId, row.Permission });
        modelBuilder.Entity<RestrictionHistory>().ToTable("restriction_history").HasKey(row => row.Id);
        modelBuilder.Entity<AccountSet>(set =>
        {
            set.ToTable("account_set").HasKey(row => row.Account);
            set.Property(row => row.Restrictions).HasColumnType("jsonb");
        });
    }
}

/// <summary>A group removed a permission.</summary>
public sealed class GroupRestriction
{
    public Guid GroupId { get; init; }
    public required string Permission { get; init; }
    public required string Reason { get; set; }
    public DateOnly? Until { get; set; }
    public Guid ById { get; set; }
    public required string ByName { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>When History recorded that its last day is over.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

public sealed class RestrictionHistory
{
    public const string Removed = "removed", Allowed = "allowed", Ended = "ended";

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid GroupId { get; init; }
    public required string Permission { get; init; }
    public required string Action { get; init; }
    public required string Reason { get; init; }
    public DateOnly? Until { get; init; }
    public required string ByName { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>The restrictions an account should have (<see cref="Version"/>) and those it has (<see cref="AppliedVersion"/>).</summary>
public sealed class AccountSet
{
    public required string Account { get; init; }
    public Guid EnterpriseId { get; set; }
    public long Version { get; set; }

    /// <summary>JSON of <c>Restriction[]</c>, the form in which it is sent.</summary>
    public required string Restrictions { get; set; }
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Hash of the account's keys when the set was made.</summary>
    public string? Pairing { get; set; }
    public long AppliedVersion { get; set; }
    public DateTimeOffset? AppliedAt { get; set; }

    /// <summary>Why the last attempt failed, in words.</summary>
    public string? Problem { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset NextTry { get; set; }
}
