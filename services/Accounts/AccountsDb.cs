using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace EnterprisePortal.Accounts;

/// <summary>
/// The tables that Admins and imports change. People read accounts through <see cref="AccountList"/>; the rules are in
/// Migrations/001_directory.sql.
/// </summary>
public sealed class AccountsDb(DbContextOptions<AccountsDb> options) : ServiceDb(options)
{
    public DbSet<EnterpriseRow> Enterprises => Set<EnterpriseRow>();
    public DbSet<BrandRow> Brands => Set<BrandRow>();
    public DbSet<PortalGroup> Groups => Set<PortalGroup>();
    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<GroupAccount> GroupAccounts => Set<GroupAccount>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<EnterpriseRow>().ToTable("enterprise");
        modelBuilder.Entity<BrandRow>().ToTable("brand").HasKey(row => row.EnterpriseId);
        modelBuilder.Entity<PortalGroup>().ToTable("portal_group");
        modelBuilder.Entity<GroupAccount>(member =>
        {
            member.ToTable("group_account").HasKey(row => new { row.GroupId, row.AccountCode });
            member.HasOne<PortalGroup>().WithMany().HasForeignKey(row => row.GroupId);
        });
        modelBuilder.Entity<Account>(account =>
        {
            account.ToTable("account").HasKey(row => row.Code);
            account.Property(row => row.RestrictionsAppliedAt).HasColumnName("restrictions_taken_at");
            account.Property(row => row.TestSteps).HasColumnType("jsonb");
            account.ComplexProperty(row => row.Contact, contact =>
            {
                contact.Property(it => it.Name).HasColumnName("contact_name");
                contact.Property(it => it.Email).HasColumnName("contact_email");
                contact.Property(it => it.Phone).HasColumnName("contact_phone");
            });
            account.Property(row => row.Locations).HasColumnType("jsonb").HasConversion(
                list => JsonSerializer.Serialize(list, JsonSerializerOptions.Web),
                text => JsonSerializer.Deserialize<IReadOnlyList<AccountLocation>>(text, JsonSerializerOptions.Web)!,
                new ValueComparer<IReadOnlyList<AccountLocation>>(
                    (one, other) => one!.SequenceEqual(other!), list => list.Count, list => list.ToArray()));
        });
    }
}

public sealed class EnterpriseRow
{
    public Guid Id { get; init; }
    public required string Name { get; init; }
    public long Version { get; init; }
}

/// <summary>Absent: the enterprise shows its own name, the portal's mark and the portal's color.</summary>
public sealed class BrandRow
{
    public Guid EnterpriseId { get; init; }
    public string? Name { get; set; }
    public string? Accent { get; set; }
    public Guid? LogoId { get; set; }
    public string? LogoType { get; set; }
    public byte[]? Logo { get; set; }
}

public sealed class PortalGroup
{
    public Guid Id { get; init; }
    public Guid EnterpriseId { get; init; }
    public Guid? ParentId { get; set; }
    public required string Name { get; set; }
    public bool Active { get; set; }
    public string? UserEmail { get; set; }
    public string? AdminEmail { get; set; }
}

public sealed class Account
{
    public required string Code { get; init; }
    public Guid EnterpriseId { get; init; }
    public required string Name { get; set; }
    public required string Owner { get; set; }
    public required AccountContact Contact { get; set; }
    public required IReadOnlyList<AccountLocation> Locations { get; set; }
    public required string TimeZone { get; set; }
    public required string Country { get; set; }
    public required string BaseUrl { get; init; }
    public required string Status { get; set; }
    public required string ClientKeys { get; init; }
    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Since the account was registered; null: it has not applied any yet, and must not be entered.</summary>
    public DateTimeOffset? RestrictionsAppliedAt { get; set; }
    public DateTimeOffset? TestedAt { get; set; }

    /// <summary>JSON of <see cref="Contracts.Http.ConnectionStep"/>s.</summary>
    public string? TestSteps { get; set; }
}

/// <param name="ParentId">The group's parent: a foreign key to the account's row there.</param>
public sealed record GroupAccount(Guid GroupId, string AccountCode, Guid? ParentId);
